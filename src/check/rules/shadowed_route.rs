use crate::check::Subject;
use crate::check::candidates::Candidates;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ir::{Claim, Lines, Mesh, Paths, Predicate, RequestMatch, Route, Service};
use crate::source::{Origin, Spanned};
use crate::value::{HeaderName, HostPattern, Method, Path, Scheme};
use std::collections::BTreeSet;

pub(super) static CODE: Code = code!("shadowed-route", Error, "a route that nothing reaches");

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    let everything = RequestMatch { lines: Lines::default(), not: None, origin: Origin::BUILT_IN };
    for service in &subject.mesh.services {
        let mut earlier = Candidates::default();
        for (at, route) in service.routes.iter().enumerate() {
            let covering = Covering { mesh: subject.mesh, service, route, everything: &everything };
            if let Some(other) = covering.first(&service.routes, at, &earlier) {
                found.push(fault(route, other));
            }
            route.matches.iter().for_each(|request| earlier.add(at, request));
        }
    }
}

fn fault(route: &Route, other: &Route) -> Diagnostic {
    let (name, first) = (&route.name.value, &other.name.value);
    let fact = match other.matches.is_empty() {
        true => format!("`{first}` has no `match`, so it takes everything"),
        false => format!("`{first}` takes all that `{name}` asks for"),
    };
    Diagnostic::new(&CODE, format!("nothing ever reaches `route {name}`"))
        .at(route.name.span, "an earlier route takes it all")
        .related(other.name.span, fact)
        .note("the first route that matches wins, in the order of the file")
        .help(format!("put `route {name}` before `route {first}`, or take it out"))
}

/// What is looked for: an earlier route that surely takes everything that this one matches. Where it is not sure, it
/// does not.
struct Covering<'c> {
    mesh: &'c Mesh,
    service: &'c Service,
    route: &'c Route,
    /// What a route without a `match` asks for.
    everything: &'c RequestMatch,
}

impl<'c> Covering<'c> {
    /// The first of the routes before the one at `at` that takes everything of it.
    fn first(&self, routes: &'c [Route], at: usize, earlier: &Candidates<'c>) -> Option<&'c Route> {
        let is_of_kind = |at: usize| routes.get(at).is_some_and(|other| other.kind == self.route.kind);
        let takes_everything = |at: &usize| is_of_kind(*at) && routes.get(*at).is_some_and(|it| it.matches.is_empty());
        let open = (0..at).find(takes_everything);
        // Those that take every match so far.
        let mut left: Option<BTreeSet<usize>> = None;
        let own =
            if self.route.matches.is_empty() { std::slice::from_ref(self.everything) } else { &self.route.matches };
        for request in own {
            let is_left = |other: usize| left.as_ref().is_none_or(|left| left.contains(&other));
            let could = earlier.of(request).filter(|(other, _)| is_of_kind(*other) && is_left(*other));
            let taking: BTreeSet<usize> =
                could.filter(|(_, wider)| self.covers(wider, request)).map(|(other, _)| other).collect();
            let is_over = taking.is_empty();
            left = Some(taking);
            if is_over {
                break;
            }
        }
        let taking = left.into_iter().flatten().chain(open).min()?;
        routes.get(taking)
    }

    fn covers(&self, wider: &RequestMatch, request: &RequestMatch) -> bool {
        let Lines {
            headers,
            cookies,
            queries,
            claims,
            methods,
            paths,
            hosts,
            schemes,
            ports: _,
            from: _,
            server_names,
            destinations,
        } = &wider.lines;
        let lines = &request.lines;
        wider.not.is_none()
            && named(headers, &lines.headers)
            && named(cookies, &lines.cookies)
            && named(queries, &lines.queries)
            && claims.iter().all(|claim| has_claim(claim, &lines.claims))
            && has_methods(methods, &lines.methods)
            && paths.iter().all(|set| has_paths(set, &lines.paths))
            && has_hosts(hosts, &lines.hosts)
            && has_hosts(server_names, &lines.server_names)
            && has_schemes(schemes, &lines.schemes)
            && all_of(destinations, &lines.destinations, |a, b| a.value == b.value)
            && self.has_ports(&wider.lines, lines)
            && self.has_callers(&wider.lines, lines)
    }

    fn has_ports(&self, wider: &Lines, lines: &Lines) -> bool {
        let has = |port| wider.ports.iter().any(|said| said.value == port);
        let of_kind = self.service.ports.iter().filter(|port| port.protocol.kind() == self.route.kind);
        wider.ports.is_empty()
            || of_kind.map(|port| port.number.value).all(has)
            || (!lines.ports.is_empty() && lines.ports.iter().all(|port| has(port.value)))
    }

    fn has_callers(&self, wider: &Lines, lines: &Lines) -> bool {
        all_of(&wider.from, &lines.from, |wider, caller| wider.peer.holds(caller.peer, self.mesh))
    }
}

/// Whether a list that says nothing, or of whose values any will do, holds whatever the other asks for.
fn all_of<T>(wider: &[T], asked: &[T], holds: impl Fn(&T, &T) -> bool) -> bool {
    wider.is_empty() || (!asked.is_empty() && asked.iter().all(|asked| wider.iter().any(|wider| holds(wider, asked))))
}

type Pair = (Spanned<HeaderName>, Predicate);

/// Whether every line of the wider match is implied by one of the other.
fn named(wider: &[Pair], asked: &[Pair]) -> bool {
    wider.iter().all(|(name, wider)| {
        let mut same = asked.iter().filter(|(other, _)| other.value == name.value);
        same.any(|(_, asked)| implies(asked, wider))
    })
}

fn implies(asked: &Predicate, wider: &Predicate) -> bool {
    match (asked, wider) {
        (_, Predicate::Present) => true,
        (Predicate::OneOf(asked), Predicate::OneOf(wider)) => asked.iter().all(|value| wider.contains(value)),
        (Predicate::OneOf(values), Predicate::Prefix(prefix)) => {
            values.iter().all(|value| value.text().starts_with(prefix.text().as_str()))
        }
        (Predicate::Prefix(asked), Predicate::Prefix(wider)) => asked.text().starts_with(wider.text().as_str()),
        (Predicate::Regex(asked), Predicate::Regex(wider)) => asked == wider,
        (Predicate::Present | Predicate::Prefix(_) | Predicate::Regex(_), Predicate::OneOf(_))
        | (Predicate::Present | Predicate::Regex(_), Predicate::Prefix(_))
        | (Predicate::Present | Predicate::OneOf(_) | Predicate::Prefix(_), Predicate::Regex(_)) => false,
    }
}

/// Whether one of these asks for no other value of a claim than `wider` does.
fn has_claim(wider: &Claim, claims: &[Claim]) -> bool {
    let mut same = claims.iter().filter(|claim| claim.name.value == wider.name.value);
    same.any(|claim| claim.values.iter().all(|value| wider.values.contains(value)))
}

fn has_methods(wider: &[Method], asked: &[Method]) -> bool {
    wider.contains(&Method::Any) || all_of(wider, asked, |wider, asked| wider == asked)
}

fn has_hosts(wider: &[Spanned<HostPattern>], asked: &[Spanned<HostPattern>]) -> bool {
    all_of(wider, asked, |wider, asked| wider.value.covers(&asked.value))
}

fn has_schemes(wider: &[Scheme], asked: &[Scheme]) -> bool {
    wider.len() == Scheme::ALL.len() || all_of(wider, asked, |wider, asked| wider == asked)
}

/// Whether a set holds every path that the others leave.
fn has_paths(wider: &Paths, asked: &[Paths]) -> bool {
    match wider {
        Paths::Regex(wider) => asked.iter().any(|set| matches!(set, Paths::Regex(regex) if regex.value == wider.value)),
        Paths::Patterns { patterns, ignore_case } => {
            let holds = |path: &Spanned<Path>, folds: bool| {
                patterns.iter().any(|wider| covers(&wider.value, *ignore_case, &path.value, folds))
            };
            let is_inside = |set: &Paths| match set {
                Paths::Patterns { patterns, ignore_case } => patterns.iter().all(|path| holds(path, *ignore_case)),
                Paths::Regex(_) => false,
            };
            patterns.iter().any(|path| path.value.is_all()) || asked.iter().any(is_inside)
        }
    }
}

fn covers(wider: &Path, folds: bool, path: &Path, path_folds: bool) -> bool {
    match (folds, path_folds) {
        (false, false) => wider.covers(path),
        (true, _) => {
            let folded = |path: &Path| Path::parse(&path.text().to_ascii_lowercase()).ok();
            folded(wider).zip(folded(path)).is_some_and(|(wider, path)| wider.covers(&path))
        }
        (false, true) => false,
    }
}
