use crate::check::Subject;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ir::{Exposure, NewPath, Paths, Peer, RequestMatch, Route, Service};
use crate::source::{Decided, Span};
use crate::value::ProtocolKind;

pub(super) static CODE: Code =
    code!("regex-behind-rewrite", Error, "an expression of paths that an exposure changes on their way");

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    let mesh = subject.mesh;
    for service in &mesh.services {
        let rewrites = service.exposures.iter().filter_map(|exposure| Some((exposure, exposure.new_path()?)));
        for (exposure, new) in rewrites {
            let is_regex = matches!(new, NewPath::Regex { .. });
            let peer = Peer::Gateway(exposure.gateway);
            let here: Vec<&Route> = service
                .routes
                .iter()
                .filter(|route| route.kind == ProtocolKind::Http && route.concerns(mesh, peer))
                .collect();
            let said = if is_regex { paths(service, &here, exposure) } else { expressions(service, &here) };
            if let Some((what, span)) = said.into_iter().min_by_key(|(_, span)| *span) {
                found.push(fault(exposure, is_regex, what, span));
            }
        }
    }
}

/// What is compared or made by an expression, which cannot be turned round.
fn expressions(service: &Service, here: &[&Route]) -> Vec<(&'static str, Span)> {
    let mut found = Vec::new();
    for set in requests(service, here).flat_map(sets) {
        match set {
            Paths::Regex(regex) => found.push(("this expression", regex.span)),
            Paths::Patterns { patterns, ignore_case: true } => {
                found.extend(patterns.first().map(|first| ("a path in any case", first.span)));
            }
            Paths::Patterns { patterns: _, ignore_case: false } => {}
        }
    }
    found.extend(rewrites(here, |new| matches!(new, NewPath::Regex { .. })).map(|span| ("this expression", span)));
    found
}

/// Everything that is about paths: what an expression makes of them is not known.
fn paths(service: &Service, here: &[&Route], exposure: &Exposure) -> Vec<(&'static str, Span)> {
    let mut found: Vec<(&'static str, Span)> = Vec::new();
    for set in requests(service, here).flat_map(sets) {
        match set {
            Paths::Regex(regex) => found.push(("a path", regex.span)),
            Paths::Patterns { patterns, .. } => found.extend(patterns.first().map(|first| ("a path", first.span))),
        }
    }
    let changes = |new: &NewPath| matches!(new, NewPath::Prefix(_) | NewPath::Regex { .. });
    found.extend(rewrites(here, changes).map(|span| ("a part of a path", span)));
    let asked = exposure.tokens.iter().flat_map(|rule| {
        let not = rule.conditions.not.iter().flat_map(|not| &not.paths);
        rule.conditions.paths.iter().chain(not)
    });
    found.extend(asked.map(|path| ("a path", path.span)));
    found
}

/// Every kind of request that the service tells apart, by the routes that count at the door.
fn requests<'m>(service: &'m Service, here: &[&'m Route]) -> impl Iterator<Item = &'m RequestMatch> {
    let canary = service.canary.iter().flat_map(|canary| &canary.matches);
    here.iter().flat_map(|route| &route.matches).chain(canary)
}

fn sets(request: &RequestMatch) -> impl Iterator<Item = &Paths> {
    request.lines.paths.iter().chain(request.not.iter().flat_map(|not| &not.paths))
}

/// Where routes change paths themselves in a way that `counts`.
fn rewrites(here: &[&Route], counts: impl Fn(&NewPath) -> bool) -> impl Iterator<Item = Span> {
    let said = here.iter().filter_map(|route| route.rewrite.as_ref());
    said.filter(move |said| said.value.path.as_ref().is_some_and(&counts)).filter_map(Decided::span)
}

fn fault(exposure: &Exposure, is_regex: bool, what: &str, span: Span) -> Diagnostic {
    let door = &exposure.door.value;
    let title = match is_regex {
        true => format!("what the service says of {what} cannot hold behind the expression that rewrites `{door}`"),
        false => format!("{what} cannot be turned round behind the rewrite of `{door}`"),
    };
    let fault = Diagnostic::new(&CODE, title)
        .at(span, "said of the path that the service sees")
        .note("a rule of the gateway compares the path before it is rewritten: patterns are turned round for it, expressions cannot be");
    let fault = match exposure.rewrite.as_ref().and_then(Decided::span) {
        Some(span) => fault.related(span, "changes the path on its way to the service"),
        None => fault,
    };
    match is_regex {
        true => fault.help("rewrite by `prefix=` or `path=`, or take the path out of the rule"),
        false => fault.help(
            "say it by patterns, such as `/a/*` and `/users/{*}`, or expose the service without a rewrite of the path",
        ),
    }
}
