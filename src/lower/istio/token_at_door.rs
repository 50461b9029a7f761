//! Which requests an exposure's token is asked of: those that the exposure takes, and not those that a narrower one of
//! the same door takes from it.

use super::super::Lowering;
use super::{operation, refused};
use crate::ir::{Conditions, Exposure, Gateway, Listener};
use crate::manifest::istio::Operation;
use crate::source::Spanned;
use crate::value::{HostPattern, Path, ProtocolKind};
use smol_str::SmolStr;

/// The ports of the gateway's pods on which an exposure takes requests. Where a listener sends all of them elsewhere
/// nothing is asked: the policy runs before the redirect, which would become a refusal.
pub(super) fn open_ports(gateway: &Gateway, exposure: &Exposure) -> Vec<SmolStr> {
    let open = gateway.through(exposure).filter(|listener| listener.redirect.is_none());
    let mut ports: Vec<_> = open.map(|listener: &Listener| listener.target.value).collect();
    ports.sort_unstable();
    ports.dedup();
    operation::texts(ports)
}

/// The requests of `exposure` for which `conditions` hold, without those that others of `beside` take from it. A host
/// under a wildcard has paths of its own, and for all others the wildcard's: so there is an operation for each.
pub(super) fn operations(
    lowering: &Lowering<'_>,
    (exposure, conditions): (&Exposure, &Conditions),
    beside: &[&Exposure],
    ports: &[SmolStr],
) -> Vec<Operation> {
    if conditions.is_void() {
        return Vec::new();
    }
    let Some(own) = exposure.host() else { return Vec::new() };
    let inside = hosts_inside(own, beside);
    let hosts = |host: &HostPattern| door_hosts(lowering, exposure, host);
    let not = conditions.not.as_deref();
    let named = |conditions: &Conditions| conditions.named_methods().cloned().collect();
    let at = |host: &HostPattern| {
        let Left { paths, without } = left(exposure, conditions, host, beside)?;
        Some(Operation {
            hosts: hosts(host),
            not_hosts: inside.iter().filter(|inner| *inner != host && host.covers(inner)).flat_map(hosts).collect(),
            methods: named(conditions),
            not_methods: not.map(named).unwrap_or_default(),
            paths: refused::paths(&paths),
            not_paths: operation::granted(&without),
            ports: ports.to_vec(),
        })
    };
    std::iter::once(own).chain(&inside).filter_map(at).collect()
}

/// What others leave to an exposure at a host.
struct Left {
    /// The paths.
    paths: Vec<Spanned<Path>>,
    /// Those inside them that are taken, or need no token.
    without: Vec<Spanned<Path>>,
}

/// What is left to `exposure` at `host`, which is its own or lies under it; nothing where all is taken. A narrower host
/// takes each of its paths, the same host those that lie inside.
fn left(exposure: &Exposure, conditions: &Conditions, host: &HostPattern, beside: &[&Exposure]) -> Option<Left> {
    let own = exposure.host()?;
    let mut paths = joined(&exposure.paths, &conditions.paths);
    let mut without: Vec<Spanned<Path>> = conditions.not.iter().flat_map(|not| &not.paths).cloned().collect();
    let others = beside.iter().filter(|other| !std::ptr::eq(**other, exposure));
    let others = others.filter_map(|other| Some((other, requests_of(other)?)));
    for (other, inner) in others.filter(|(_, inner)| own.covers(inner) && inner.covers(host)) {
        for path in &other.paths {
            if inner != own {
                paths.retain(|own| !path.value.covers(&own.value));
            }
            if paths.iter().any(|own| own.value.covers(&path.value)) {
                without.push(path.clone());
            }
        }
    }
    let is_taken = paths.is_empty() || without.iter().any(|path| path.value.is_all());
    (!is_taken).then_some(Left { paths, without })
}

fn door_hosts(lowering: &Lowering<'_>, exposure: &Exposure, host: &HostPattern) -> Vec<SmolStr> {
    let gateway = lowering.mesh.gateway(exposure.gateway);
    let numbers: Vec<_> = gateway.serving(host).map(|listener| listener.number.value).collect();
    operation::hosts([host], &numbers)
}

/// The host of an exposure that takes requests.
fn requests_of(exposure: &Exposure) -> Option<&HostPattern> {
    exposure.host().filter(|_| exposure.kind == ProtocolKind::Http)
}

/// The hosts of other exposures that a wildcard covers.
fn hosts_inside(host: &HostPattern, beside: &[&Exposure]) -> Vec<HostPattern> {
    let inner =
        beside.iter().filter_map(|other| requests_of(other)).filter(|inner| *inner != host && host.covers(inner));
    let mut inside: Vec<HostPattern> = inner.cloned().collect();
    inside.sort();
    inside.dedup();
    inside
}

/// The paths that are in both lists, as far as one of two patterns holds the other; all of `own` where no others are
/// asked for.
fn joined(own: &[Spanned<Path>], asked: &[Spanned<Path>]) -> Vec<Spanned<Path>> {
    if asked.is_empty() {
        return own.to_vec();
    }
    let pairs = own.iter().flat_map(|a| asked.iter().map(move |b| (a, b)));
    pairs
        .filter_map(|(a, b)| match (a.value.covers(&b.value), b.value.covers(&a.value)) {
            (true, _) => Some(b.clone()),
            (false, true) => Some(a.clone()),
            (false, false) => None,
        })
        .collect()
}
