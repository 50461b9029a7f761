//! One order of what layers collect. These are sets; were they left in the order of the files, to rename a file would
//! change the output.

use crate::ir::{Call, Conditions, Exposure, Grant, Peer, Predicate, RequestMatch};
use crate::source::Spanned;
use crate::value::{HeaderName, HostPattern, Method, Path, Port};

/// Puts grants or denials in order: by callers, then by conditions.
pub(super) fn grants(grants: &mut [Grant]) {
    grants.sort_by(|a, b| grant(a).cmp(&grant(b)));
}

type GrantKey<'g> = (Vec<Peer>, &'g Option<Vec<Method>>, &'g [Path], Vec<Port>, &'g [HostPattern]);

fn grant(grant: &Grant) -> GrantKey<'_> {
    let Grant { callers, conditions, origin: _, waiver: _ } = grant;
    let Conditions { methods, paths, ports, hosts } = conditions;
    (
        callers.iter().map(|caller| caller.peer).collect(),
        methods,
        paths,
        ports.iter().map(|port| port.value).collect(),
        hosts,
    )
}

/// Puts calls in order, by what is called.
pub(super) fn calls(calls: &mut [Call]) {
    calls.sort_by_key(|call| call.callee);
}

/// Puts exposures in order: by gateway, host and paths.
pub(super) fn exposures(exposures: &mut [Exposure]) {
    exposures.sort_by(|a, b| (a.gateway, &a.host.value, &a.paths).cmp(&(b.gateway, &b.host.value, &b.paths)));
}

/// Puts the matches of a canary in order, by their parts.
pub(super) fn matches(matches: &mut [RequestMatch]) {
    matches.sort_by(|a, b| request(a).cmp(&request(b)));
}

type Pairs<'m> = Vec<(&'m HeaderName, &'m Predicate)>;

type RequestKey<'m> = (Pairs<'m>, Pairs<'m>, Pairs<'m>, &'m [Method], &'m [Path]);

fn request(request: &RequestMatch) -> RequestKey<'_> {
    let RequestMatch { headers, cookies, queries, methods, paths, origin: _ } = request;
    (pairs(headers), pairs(cookies), pairs(queries), methods, paths)
}

fn pairs(list: &[(Spanned<HeaderName>, Predicate)]) -> Pairs<'_> {
    list.iter().map(|(name, predicate)| (&name.value, predicate)).collect()
}
