use super::{Call, Callee, ExternalId, Mesh, NamespaceId, Peer, Provider, Service, Sink};
use std::collections::BTreeSet;

/// Who reaches what is outside, worked out once: those who call it, and those whose requests a route leads there. It is
/// their proxies that send the requests.
pub struct Outgoing(Vec<Reached>);

/// Who reaches one external.
#[derive(Clone)]
struct Reached {
    /// Those that are known.
    callers: BTreeSet<Peer>,
    /// The namespaces whose proxies must know it; none: all.
    seen: Option<BTreeSet<NamespaceId>>,
}

impl Outgoing {
    /// Of a mesh.
    pub fn of(mesh: &Mesh) -> Self {
        let fresh = Reached { callers: BTreeSet::new(), seen: Some(BTreeSet::new()) };
        let mut outgoing = Outgoing(vec![fresh; mesh.externals.len()]);
        if !mesh.externals.is_empty() {
            mesh.services().for_each(|(id, service)| outgoing.add_calls(mesh, Peer::Service(id), &service.calls));
            mesh.workloads().for_each(|(id, workload)| outgoing.add_calls(mesh, Peer::Workload(id), &workload.calls));
            mesh.services.iter().for_each(|service| outgoing.add_routed(mesh, service));
            outgoing.add_told(mesh);
        }
        outgoing
    }

    /// Those who reach an external, by name.
    pub fn callers(&self, id: ExternalId) -> impl Iterator<Item = Peer> {
        self.0.get(id.0 as usize).into_iter().flat_map(|reached| reached.callers.iter().copied())
    }

    /// The namespaces whose proxies must know an external, beside its own; none: all.
    pub fn seen(&self, id: ExternalId) -> Option<&BTreeSet<NamespaceId>> {
        self.0.get(id.0 as usize).and_then(|reached| reached.seen.as_ref())
    }

    fn add_calls(&mut self, mesh: &Mesh, caller: Peer, calls: &[Call]) {
        for call in calls {
            match call.callee {
                Callee::External(id) => self.add(mesh, id, caller),
                Callee::Service(id) => {
                    for (_, _, outside) in mesh.service(id).routed_outside_for(mesh, caller) {
                        self.add(mesh, outside, caller);
                    }
                }
                Callee::KubeApi | Callee::Anything => {}
            }
        }
    }

    /// Adds whoever tells something to what is outside.
    fn add_told(&mut self, mesh: &Mesh) {
        let is_outside = |provider: &Provider| matches!(provider.sink, Sink::Outside { .. });
        if !mesh.providers.iter().any(is_outside) {
            return;
        }
        for (reporter, _, telemetry) in mesh.reporters() {
            for provider in telemetry.providers() {
                if let Sink::Outside { declared: Some(id), .. } = mesh.provider(provider.value).sink {
                    self.add(mesh, id, reporter);
                }
            }
        }
    }

    /// Adds the gateways by which a service is reached, and whoever else it lets in, as far as that is known.
    fn add_routed(&mut self, mesh: &Mesh, service: &Service) {
        for gateway in service.exposures.iter().map(|exposure| Peer::Gateway(exposure.gateway)) {
            for (_, _, outside) in service.routed_outside_for(mesh, gateway) {
                self.add(mesh, outside, gateway);
            }
        }
        // What goes through a gateway is let out by the caller's name, and nobody else needs to know the way.
        let direct = service.routed_outside().filter(|(_, _, id)| mesh.external(*id).via.is_none());
        for (_, _, outside) in direct {
            let Some(Reached { callers: _, seen }) = self.0.get_mut(outside.0 as usize) else { continue };
            match (seen.as_mut(), service.caller_namespaces(mesh)) {
                (Some(seen), Some(namespaces)) => seen.extend(namespaces),
                (_, _) => *seen = None,
            }
        }
    }

    fn add(&mut self, mesh: &Mesh, id: ExternalId, caller: Peer) {
        let Some(Reached { callers, seen }) = self.0.get_mut(id.0 as usize) else { return };
        callers.insert(caller);
        if let (Some(seen), Some(home)) = (seen, mesh.home_of(caller)) {
            seen.insert(home);
        }
    }
}

impl Service {
    /// The namespaces of those whom it lets in, as far as they have proxies; none where everyone may call.
    pub fn caller_namespaces(&self, mesh: &Mesh) -> Option<BTreeSet<NamespaceId>> {
        // What is only counted lets everybody in.
        if self.is_audited() {
            return None;
        }
        let mut namespaces = BTreeSet::new();
        for caller in self.grants.iter().flat_map(|grant| &grant.callers) {
            match caller.peer {
                Peer::Service(id) => _ = namespaces.insert(mesh.service(id).namespace),
                Peer::Workload(id) => _ = namespaces.insert(mesh.workload(id).namespace),
                Peer::Gateway(id) => _ = namespaces.insert(mesh.gateway(id).namespace),
                Peer::Namespace(id) => _ = namespaces.insert(id),
                Peer::AnyoneInMesh | Peer::Anyone => return None,
                // Neither has a proxy that reads rules.
                Peer::Address(_) | Peer::KubeApi => {}
            }
        }
        Some(namespaces)
    }
}
