use super::codes::FROM_NOT_ROUTABLE;
use super::index::Index;
use super::layers::Level;
use super::peers;
use super::token;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::intent::{self, HeaderMatch, PathMatch, Seldom, TextMatch};
use crate::ir::{Caller, Lines, Paths, Peer, Predicate, RequestMatch};
use crate::source::{Origin, Span, Spanned};
use crate::value::HeaderName;
use thin_vec::ThinVec;

/// Closes one `match` of a layer.
pub(super) fn complete(
    index: &Index<'_>,
    level: &Level<'_>,
    said: &intent::Match,
    found: &mut Diagnostics,
) -> RequestMatch {
    let intent::Match { lines: positive, not, span } = said;
    RequestMatch {
        lines: lines(index, level, positive, found),
        not: not.as_ref().map(|not| Box::new(lines(index, level, not, found))),
        origin: Origin::new(level.layer, *span),
    }
}

fn lines(index: &Index<'_>, level: &Level<'_>, said: &intent::Lines, found: &mut Diagnostics) -> Lines {
    let intent::Lines {
        headers,
        cookies,
        queries,
        claims,
        methods,
        paths,
        hosts,
        schemes,
        ports,
        from,
        server_names,
        destinations,
    } = said;
    Lines {
        headers: headers.iter().map(pair).collect(),
        cookies: cookies.iter().map(pair).collect(),
        queries: queries.iter().map(pair).collect(),
        claims: token::claims(claims).into(),
        methods: bare(methods),
        paths: paths.iter().map(|said| path(&said.value)).collect(),
        hosts: list(hosts),
        schemes: bare(schemes),
        ports: list(ports),
        from: from.iter().flat_map(|list| &list.value).flat_map(|said| senders(index, level, said, found)).collect(),
        server_names: list(server_names),
        destinations: list(destinations),
    }
}

fn list<T: Clone>(said: &Seldom<Vec<Spanned<T>>>) -> ThinVec<Spanned<T>> {
    said.iter().flat_map(|list| &list.value).cloned().collect()
}

fn bare<T: Clone>(said: &Seldom<Vec<Spanned<T>>>) -> ThinVec<T> {
    said.iter().flat_map(|list| &list.value).map(|said| said.value.clone()).collect()
}

fn path(said: &PathMatch) -> Paths {
    match said {
        PathMatch::Patterns(patterns, ignore_case) => {
            Paths::Patterns { patterns: patterns.clone(), ignore_case: *ignore_case }
        }
        PathMatch::Regex(regex) => Paths::Regex(regex.clone()),
    }
}

fn pair(said: &HeaderMatch) -> (Spanned<HeaderName>, Predicate) {
    let predicate = match &said.value {
        TextMatch::Present => Predicate::Present,
        TextMatch::OneOf(values) => Predicate::OneOf(values.clone()),
        TextMatch::Prefix(value) => Predicate::Prefix(value.clone()),
        TextMatch::Regex(regex) => Predicate::Regex(regex.clone()),
    };
    (said.name.clone(), predicate)
}

/// Who sends a request, as far as the caller's own proxy can tell.
fn senders(index: &Index<'_>, level: &Level<'_>, said: &Spanned<intent::Peer>, found: &mut Diagnostics) -> Vec<Caller> {
    let Some(named) = peers::named(index, level.into(), said, found) else { return Vec::new() };
    let callers = named.callers(index, said.span);
    if callers.iter().all(|caller| is_routable(caller.peer)) {
        return callers;
    }
    found.push(not_routable(&said.value, said.span));
    Vec::new()
}

fn is_routable(peer: Peer) -> bool {
    match peer {
        Peer::Service(_) | Peer::Workload(_) | Peer::Namespace(_) | Peer::Gateway(_) | Peer::AnyoneInMesh => true,
        Peer::Address(_) | Peer::Anyone | Peer::KubeApi => false,
    }
}

fn not_routable(said: &intent::Peer, span: Span) -> Diagnostic {
    Diagnostic::new(&FROM_NOT_ROUTABLE, format!("no route can tell `{said}` apart"))
        .at(span, "known to no proxy that routes")
        .note("a route is chosen by the caller's own proxy, which knows the labels of its pod and no address")
        .help("name a service, a workload, `namespace:NAME`, `gateway:NAME`, `same-namespace` or `anyone-in-mesh`")
}
