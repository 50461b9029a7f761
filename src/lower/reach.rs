use crate::ir::{Call, Callee, ExternalId, Mesh, NamespaceId, Peer, Service, ServiceId};
use smol_str::SmolStr;
use std::collections::{BTreeMap, BTreeSet};

/// Who can reach what, worked out once: it decides which namespaces see which rules.
pub(super) struct Reach {
    /// For each service the namespaces of its callers, those too whom a route of another service leads to it; none
    /// where everyone may call.
    callers: Vec<Option<BTreeSet<NamespaceId>>>,
    /// For everything outside those who call it: services and workloads.
    of_externals: Vec<BTreeSet<Peer>>,
    /// For each service that some gateway sends requests to, the namespaces of those gateways.
    gateways: BTreeMap<ServiceId, BTreeSet<NamespaceId>>,
}

impl Reach {
    pub(super) fn of(mesh: &Mesh) -> Self {
        let mut reach = Reach {
            callers: mesh.services.iter().map(|service| callers(mesh, service)).collect(),
            gateways: BTreeMap::new(),
            of_externals: callers_of_externals(mesh),
        };
        reach.add_routed(mesh);
        reach
    }

    /// Adds whoever calls a service, or exposes it, to those who reach what its routes lead to: it is their proxies that
    /// send the requests there.
    fn add_routed(&mut self, mesh: &Mesh) {
        let mut led = Vec::new();
        for (id, service) in mesh.services() {
            let gateways = service.exposures.iter().map(|exposure| mesh.gateway(exposure.gateway).namespace);
            let gateways: BTreeSet<NamespaceId> = gateways.collect();
            for to in service.routed().map(|(_, _, other)| other) {
                led.push((to, self.callers.get(id.0 as usize).cloned().flatten()));
                self.gateways.entry(to).or_default().extend(gateways.iter().copied());
            }
            if !gateways.is_empty() {
                self.gateways.entry(id).or_default().extend(gateways);
            }
        }
        for (to, callers) in led {
            let Some(slot) = self.callers.get_mut(to.0 as usize) else { continue };
            match (slot.as_mut(), callers) {
                (Some(seen), Some(callers)) => seen.extend(callers),
                (_, _) => *slot = None,
            }
        }
    }

    /// `exportTo` of what sidecars read: the own namespace and those of the callers.
    pub(super) fn export_to_sidecars(&self, mesh: &Mesh, id: ServiceId) -> Vec<SmolStr> {
        self.export(mesh, id, false)
    }

    /// `exportTo` of what gateways read too: the same, and the namespaces of the gateways that expose the service.
    pub(super) fn export_to_all(&self, mesh: &Mesh, id: ServiceId) -> Vec<SmolStr> {
        self.export(mesh, id, true)
    }

    /// Those who call something outside: services and workloads.
    pub(super) fn callers_of(&self, id: ExternalId) -> impl Iterator<Item = &Peer> {
        self.of_externals.get(id.0 as usize).into_iter().flatten()
    }

    /// `exportTo` of what is said of something outside: the namespaces of its callers, and its own.
    pub(super) fn export_external(&self, mesh: &Mesh, id: ExternalId) -> Vec<SmolStr> {
        let home = mesh.external(id).namespace;
        let callers: BTreeSet<NamespaceId> = self.callers_of(id).filter_map(|caller| mesh.home_of(*caller)).collect();
        let others = callers.into_iter().filter(|namespace| Some(*namespace) != home);
        let mut seen: Vec<SmolStr> = others.map(|namespace| mesh.namespace_name(namespace).clone()).collect();
        if home.is_some() || seen.is_empty() {
            seen.insert(0, SmolStr::new_static("."));
        }
        seen
    }

    fn export(&self, mesh: &Mesh, id: ServiceId, with_gateways: bool) -> Vec<SmolStr> {
        let service = mesh.service(id);
        let Some(Some(callers)) = self.callers.get(id.0 as usize) else { return vec![SmolStr::new_static("*")] };
        let mut seen: BTreeSet<NamespaceId> = callers.clone();
        if with_gateways {
            seen.extend(self.gateways.get(&id).into_iter().flatten());
        }
        seen.remove(&service.namespace);
        let others = seen.into_iter().map(|namespace| mesh.namespace_name(namespace).clone());
        std::iter::once(SmolStr::new_static(".")).chain(others).collect()
    }
}

fn callers_of_externals(mesh: &Mesh) -> Vec<BTreeSet<Peer>> {
    let mut callers = vec![BTreeSet::new(); mesh.externals.len()];
    let mut note = |caller: Peer, calls: &[Call]| {
        for call in calls {
            let Callee::External(id) = call.callee else { continue };
            callers.get_mut(id.0 as usize).map(|callers| callers.insert(caller));
        }
    };
    mesh.services().for_each(|(id, service)| note(Peer::Service(id), &service.calls));
    mesh.workloads().for_each(|(id, workload)| note(Peer::Workload(id), &workload.calls));
    callers
}

fn callers(mesh: &Mesh, service: &Service) -> Option<BTreeSet<NamespaceId>> {
    // What is only counted lets everybody in.
    if service.is_audited() {
        return None;
    }
    let mut namespaces = BTreeSet::new();
    for caller in service.grants.iter().flat_map(|grant| &grant.callers) {
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
