use crate::check::Subject;
use crate::check::gateways::exposed;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ir::{Gateway, GatewayId, Mesh, ServedHost};
use crate::value::HostPattern;
use std::collections::{BTreeMap, BTreeSet};

pub(super) static CODE: Code = code!("host-unused", Warning, "a host that is served and on which nothing is exposed");

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    let used = Used::of(subject.mesh);
    for (id, gateway) in subject.mesh.gateways().filter(|(id, _)| !used.misses.contains(id)) {
        for places in by_host(gateway).values() {
            let Some((first, others)) = places.split_first() else { continue };
            let has_reason = |host: &&ServedHost| host.waiver.as_ref().is_some_and(|waiver| waiver.gives_reason());
            if !used.has(id, &first.pattern) && !places.iter().any(has_reason) {
                found.push(fault(gateway, first, others));
            }
        }
    }
}

/// The hosts of a gateway, with the listeners that take requests first: a redirect only leads there.
fn by_host(gateway: &Gateway) -> BTreeMap<&HostPattern, Vec<&ServedHost>> {
    let mut hosts: BTreeMap<_, Vec<_>> = BTreeMap::new();
    let (taking, redirecting): (Vec<_>, Vec<_>) =
        gateway.listeners.iter().partition(|listener| listener.redirect.is_none());
    for served in taking.into_iter().chain(redirecting).flat_map(|listener| &listener.hosts) {
        hosts.entry(&served.pattern).or_default().push(served);
    }
    hosts
}

/// What is exposed on each gateway.
struct Used {
    exposed: BTreeSet<(GatewayId, HostPattern)>,
    /// The same and all that is wider.
    wider: BTreeSet<(GatewayId, HostPattern)>,
    /// Gateways on which a host is exposed that they do not serve: which one was meant is not known.
    misses: BTreeSet<GatewayId>,
}

impl Used {
    fn of(mesh: &Mesh) -> Self {
        let mut used = Used { exposed: BTreeSet::new(), wider: BTreeSet::new(), misses: BTreeSet::new() };
        for (id, host) in exposed(mesh).into_keys() {
            used.exposed.insert((id, host.clone()));
            used.wider.extend(host.and_wider().map(|wider| (id, wider)));
            if mesh.gateway(id).serving(host).next().is_none() {
                used.misses.insert(id);
            }
        }
        used
    }

    fn has(&self, id: GatewayId, host: &HostPattern) -> bool {
        self.wider.contains(&(id, host.clone())) || host.and_wider().any(|wider| self.exposed.contains(&(id, wider)))
    }
}

fn fault(gateway: &Gateway, first: &ServedHost, others: &[&ServedHost]) -> Diagnostic {
    let fault =
        Diagnostic::new(&CODE, format!("`{}` serves `{}`, and nothing is exposed on it", gateway.name, first.pattern))
            .at(first.span, "no service has an `expose` for it")
            .note("the gateway listens for this host and has no route and no grant for it: every request gets 403");
    let fault = others.iter().fold(fault, |fault, other| fault.related(other.span, "served here too"));
    fault.help("expose a service on it, take it out, or say with `reason=` what it is kept for")
}
