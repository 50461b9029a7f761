//! What a request may not be. Istio has `withoutHeaders` for it, of one pattern a header, and takes the pseudo headers
//! of the method, the host and the path there too.

use super::request::{PATH, Standing, method, text};
use crate::ir::{Lines, Peer, expression};
use crate::manifest::istio::{HttpMatch, StringMatch};
use crate::value::{Method, Regex, Scheme};
use smol_str::{SmolStr, format_smolstr};

/// Whether everything that meets a rule is excluded.
pub(super) fn excludes_all(not: &Lines, standing: Standing<'_>) -> bool {
    let is_here = |peer: Peer| match standing.gateway {
        Some(gateway) => peer == Peer::Gateway(gateway),
        None => peer == Peer::AnyoneInMesh,
    };
    not.ports.iter().any(|port| port.value == standing.port)
        || not.methods.contains(&Method::Any)
        || not.from.iter().any(|caller| is_here(caller.peer))
}

/// An entry without what is excluded; nothing where no scheme is left.
pub(super) fn narrow(mut entry: HttpMatch, not: &Lines, lines: &Lines, hosts: &[String]) -> Option<HttpMatch> {
    let Lines {
        headers,
        cookies,
        queries,
        // Known to gateways alone, and asked for there.
        claims: _,
        methods,
        paths,
        hosts: _,
        schemes,
        ports: _,
        from: _,
        server_names: _,
        destinations: _,
    } = not;
    let left =
        |scheme: &Scheme| (lines.schemes.is_empty() || lines.schemes.contains(scheme)) && !schemes.contains(scheme);
    let exact = |scheme: Scheme| Some(StringMatch::Exact(SmolStr::new_static(scheme.word())));
    entry.scheme = match (left(&Scheme::Http), left(&Scheme::Https)) {
        (true, true) => None,
        (true, false) => exact(Scheme::Http),
        (false, true) => exact(Scheme::Https),
        (false, false) => return None,
    };
    let mut without = Without::default();
    for (name, predicate) in headers {
        without.add(name.value.text().clone(), text(predicate));
    }
    for (name, predicate) in cookies {
        without
            .add(SmolStr::new_static("cookie"), StringMatch::Regex(expression::cookie(&name.value, predicate).into()));
    }
    if let Some(methods) = method(methods) {
        without.add(SmolStr::new_static(":method"), methods);
    }
    if !hosts.is_empty() {
        without.add(SmolStr::new_static(":authority"), StringMatch::Regex(expression::authority(hosts).into()));
    }
    for set in paths {
        without.add(SmolStr::new_static(PATH), StringMatch::Regex(expression::path_header(set).into()));
    }
    for (name, predicate) in queries {
        without.add(SmolStr::new_static(PATH), StringMatch::Regex(expression::query(&name.value, predicate).into()));
    }
    entry.without_headers = without.0;
    Some(entry)
}

/// What no header may be: one pattern a header.
#[derive(Default)]
struct Without(Vec<(SmolStr, StringMatch)>);

impl Without {
    fn add(&mut self, name: SmolStr, pattern: StringMatch) {
        match self.0.iter_mut().find(|(other, _)| *other == name) {
            Some((_, before)) => *before = either(before, &pattern),
            None => self.0.push((name, pattern)),
        }
    }
}

fn either(one: &StringMatch, other: &StringMatch) -> StringMatch {
    match (pattern_of(one), pattern_of(other)) {
        (Some(one), Some(other)) => StringMatch::Regex(format_smolstr!("({one})|({other})")),
        (None, _) | (_, None) => StringMatch::Present,
    }
}

/// A pattern as an expression; none where the header may not be there at all.
fn pattern_of(pattern: &StringMatch) -> Option<String> {
    match pattern {
        StringMatch::Present => None,
        StringMatch::Exact(text) => Some(Regex::escape(text)),
        StringMatch::Prefix(text) => Some(format!("{}.*", Regex::escape(text))),
        StringMatch::Regex(regex) => Some(regex.to_string()),
    }
}
