use crate::check::Subject;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ir::{Joined, Mesh, Paths, Predicate, RequestMatch, Route, Service, Sticky};
use crate::source::{Span, Spanned};
use crate::value::{HeaderName, ProtocolKind};

pub(super) static CODE: Code = code!("match-not-expressible", Error, "conditions that Istio cannot join");

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    for service in &subject.mesh.services {
        let canary = service.canary.iter().flat_map(|canary| &canary.matches);
        let routed = service.routes.iter().flat_map(|route| &route.matches);
        for request in canary.chain(routed) {
            check_cookies(request, found);
            check_query(request, found);
        }
        let is_default = |route: &&Route| route.kind == ProtocolKind::Http && route.action.is_none();
        for route in service.routes.iter().filter(is_default) {
            check_canary(subject.mesh, service, route, found);
        }
    }
}

/// A route without a target of its own keeps the canary, whose matches must then hold beside its own.
fn check_canary(mesh: &Mesh, service: &Service, route: &Route, found: &mut Diagnostics) {
    let Some(canary) = &service.canary else { return };
    if let Some(sticky) = &canary.sticky {
        found.extend(route.matches.iter().filter_map(|request| beside_sticky(route, sticky, request)));
    }
    for request in &route.matches {
        for asked in &canary.matches {
            match asked.and(request, mesh) {
                Joined::Never => {}
                Joined::Apart(one, other) => found.push(apart(route, one, other)),
                Joined::One(both) => {
                    let own = request.lines.cookies.first().zip(asked.lines.cookies.first());
                    let is_one = both.lines.cookies.len() < 2;
                    if let Some(((own, _), (other, _))) = own.filter(|_| !is_one) {
                        found.push(apart(route, other.span, own.span));
                    } else if let Some((one, other)) = expressions(service, &both) {
                        found.push(apart(route, one, other));
                    }
                }
            }
        }
    }
}

/// A cookie that a route asks for, beside the one by which clients stay with a version.
fn beside_sticky(route: &Route, sticky: &Sticky, request: &RequestMatch) -> Option<Diagnostic> {
    let is_joined = |(name, predicate): &&(Spanned<HeaderName>, Predicate)| {
        name.value == sticky.cookie.value && !matches!(predicate, Predicate::Regex(_))
    };
    let header = request.lines.headers.iter().find(|(name, _)| name.value.text() == "cookie");
    let (name, _) = request.lines.cookies.iter().find(|line| !is_joined(line)).or(header)?;
    let title = format!("`route {}` asks for a cookie beside the one that holds the canary's share", route.name.value);
    let fault = Diagnostic::new(&CODE, title)
        .at(name.span, "a second condition of the header `cookie`")
        .note("clients of a `sticky` canary are known by a cookie too; all cookies of a request are one header, and Istio has one pattern for each header")
        .help("give the route a target of its own, or ask for another field");
    Some(match sticky.cookie.span().or(sticky.origin.span) {
        Some(span) => fault.related(span, "the cookie by which they stay"),
        None => fault,
    })
}

/// Two sets of paths that cannot be written side by side: Istio has one place for the path and one for the pseudo header,
/// and an exposure may need one of them.
fn expressions(service: &Service, request: &RequestMatch) -> Option<(Span, Span)> {
    let mut spans = Vec::new();
    let mut has_patterns =
        service.exposures.iter().any(|exposure| !exposure.paths.iter().any(|path| path.value.is_all()));
    for set in &request.lines.paths {
        match set {
            Paths::Regex(regex) => spans.push(regex.span),
            Paths::Patterns { patterns, ignore_case: true } => spans.extend(patterns.first().map(|path| path.span)),
            Paths::Patterns { patterns: _, ignore_case: false } => has_patterns = true,
        }
    }
    match spans.as_slice() {
        [one, .., other] if has_patterns || spans.len() > 2 => Some((*one, *other)),
        _ => None,
    }
}

fn apart(route: &Route, canary: Span, own: Span) -> Diagnostic {
    let title = format!("`route {}` and the canary ask for two patterns of one field", route.name.value);
    Diagnostic::new(&CODE, title)
        .at(own, "one pattern")
        .related(canary, "the other, which always reaches the candidate")
        .note("a route without a target of its own keeps the canary: its requests that the canary matches reach the candidate, and Istio has one pattern for each field")
        .help("give the route a target of its own, or ask for another field in one of the two")
}

/// A regular expression of a parameter could run over its end.
fn check_query(request: &RequestMatch, found: &mut Diagnostics) {
    let excluded = request.not.iter().flat_map(|not| &not.queries);
    for (name, predicate) in excluded {
        if let Predicate::Regex(_) = predicate {
            found.push(
                Diagnostic::new(&CODE, format!("`query {}` cannot be excluded by an expression", name.value))
                    .at(name.span, "excluded here")
                    .note("Istio excludes headers alone; a parameter is excluded by an expression of the whole path, in which yours could match the parameters behind it too")
                    .help("exclude values: `query NAME VALUE`"),
            );
        }
    }
}

/// All cookies travel in one header.
fn check_cookies(request: &RequestMatch, found: &mut Diagnostics) {
    let cookies = request.lines.cookies.iter().map(|(name, _)| (format!("cookie {}", name.value), name.span));
    let headers = request.lines.headers.iter().filter(|(name, _)| name.value.text() == "cookie");
    let mut lines: Vec<(String, Span)> =
        cookies.chain(headers.map(|(name, _)| ("header cookie".to_owned(), name.span))).collect();
    lines.sort_by_key(|(_, span)| *span);
    let [(one, first), .., (other, last)] = lines.as_slice() else { return };
    found.push(
        Diagnostic::new(&CODE, format!("`{one}` and `{other}` cannot both be asked for"))
            .at(*last, "a second condition of the header `cookie`")
            .related(*first, "the first condition of this header")
            .note("all cookies of a request are one header, and Istio has one pattern for each header")
            .help("keep one of them; another `match { }` is an alternative, not a further condition"),
    );
}
