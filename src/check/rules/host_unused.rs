use crate::check::Subject;
use crate::check::gateways::exposed;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ir::{Door, Gateway, GatewayId, Listener, Mesh, ServedHost};
use crate::value::{HostPattern, Port};
use std::collections::{BTreeMap, BTreeSet};

pub(super) static CODE: Code = code!("host-unused", Warning, "a host that is served and on which nothing is exposed");

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    let used = Used::of(subject.mesh);
    for (id, gateway) in subject.mesh.gateways().filter(|(id, _)| !used.misses.contains(id)) {
        for listener in gateway.listeners.iter().filter(|listener| listener.hands_on_bytes()) {
            let has_reason = |served: &ServedHost| served.waiver.as_ref().is_some_and(|waiver| waiver.gives_reason());
            if !used.ports.contains(&(id, listener.number.value)) && !listener.hosts.iter().any(has_reason) {
                found.push(port_unused(gateway, listener));
            }
        }
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
        gateway.listeners.iter().filter(|found| !found.hands_on_bytes()).partition(|found| found.redirect.is_none());
    for served in taking.into_iter().chain(redirecting).flat_map(|listener| &listener.hosts) {
        hosts.entry(&served.pattern).or_default().push(served);
    }
    hosts
}

/// What is exposed on each gateway.
#[derive(Default)]
struct Used {
    exposed: BTreeSet<(GatewayId, HostPattern)>,
    /// The same and all that is wider.
    wider: BTreeSet<(GatewayId, HostPattern)>,
    /// Listeners of bytes.
    ports: BTreeSet<(GatewayId, Port)>,
    /// Gateways on which a host is exposed that they do not serve: which one was meant is not known.
    misses: BTreeSet<GatewayId>,
}

impl Used {
    fn of(mesh: &Mesh) -> Self {
        let mut used = Used::default();
        for (id, door) in exposed(mesh).into_keys() {
            match door {
                Door::Host(host) => {
                    used.exposed.insert((id, host.clone()));
                    used.wider.extend(host.and_wider().map(|wider| (id, wider)));
                }
                Door::Listener(number) => _ = used.ports.insert((id, *number)),
            }
            if mesh.gateway(id).listeners.iter().all(|listener| listener.serves_door(door).is_none()) {
                used.misses.insert(id);
            }
        }
        used
    }

    fn has(&self, id: GatewayId, host: &HostPattern) -> bool {
        self.wider.contains(&(id, host.clone())) || host.and_wider().any(|wider| self.exposed.contains(&(id, wider)))
    }
}

fn port_unused(gateway: &Gateway, listener: &Listener) -> Diagnostic {
    let number = listener.number.value;
    Diagnostic::new(&CODE, format!("`{}` listens on {number}, and nothing is exposed on it", gateway.name))
        .at(listener.span, format!("no service has an `expose` with `listen={number}`"))
        .note("a server of protocol TCP without a route opens no port at all: clients are refused")
        .help("expose a service on it, or take it out")
}

fn fault(gateway: &Gateway, first: &ServedHost, others: &[&ServedHost]) -> Diagnostic {
    let fault =
        Diagnostic::new(&CODE, format!("`{}` serves `{}`, and nothing is exposed on it", gateway.name, first.pattern))
            .at(first.span, "no service has an `expose` for it")
            .note("the gateway listens for this host and has no route and no grant for it: every request gets 403");
    let fault = others.iter().fold(fault, |fault, other| fault.related(other.span, "served here too"));
    fault.help("expose a service on it, take it out, or say with `reason=` what it is kept for")
}
