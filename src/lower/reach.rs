use crate::ir::{Call, External, ExternalId, Mesh, NamespaceId, Outgoing, Peer, ServiceId};
use smol_str::SmolStr;
use std::collections::{BTreeMap, BTreeSet};

/// Who can reach what, worked out once: it decides which namespaces see which rules.
pub(super) struct Reach {
    /// For each service the namespaces of its callers, those too whom a route of another service leads to it; none
    /// where everyone may call.
    callers: Vec<Option<BTreeSet<NamespaceId>>>,
    /// Who reaches what is outside.
    outgoing: Outgoing,
    /// For each service that some gateway sends requests to, the namespaces of those gateways.
    gateways: BTreeMap<ServiceId, BTreeSet<NamespaceId>>,
}

impl Reach {
    pub(super) fn of(mesh: &Mesh) -> Self {
        let mut reach = Reach {
            callers: mesh.services.iter().map(|service| service.caller_namespaces(mesh)).collect(),
            gateways: BTreeMap::new(),
            outgoing: Outgoing::of(mesh),
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

    /// Those who call something outside, or are led there: services, workloads and gateways.
    pub(super) fn callers_of(&self, id: ExternalId) -> impl Iterator<Item = Peer> {
        self.outgoing.callers(id)
    }

    /// Those of what is called from a namespace whose names the caller's proxy looks up itself.
    pub(super) fn looked_up<'m>(
        &'m self,
        mesh: &'m Mesh,
        calls: (NamespaceId, &'m [Call]),
    ) -> impl Iterator<Item = (&'m External, &'m Call)> {
        mesh.looked_up(&self.outgoing, calls)
    }

    /// `exportTo` of what is said of something outside: its own namespace, and those of its callers.
    pub(super) fn export_external(&self, mesh: &Mesh, id: ExternalId) -> Vec<SmolStr> {
        self.export_outside(mesh, [id], mesh.external(id).namespace)
    }

    /// `exportTo` of what those read who reach one of these, in the namespace `home`; none: the control plane's, where
    /// nobody calls.
    pub(super) fn export_outside(
        &self,
        mesh: &Mesh,
        ids: impl IntoIterator<Item = ExternalId>,
        home: Option<NamespaceId>,
    ) -> Vec<SmolStr> {
        let mut all = BTreeSet::new();
        for id in ids {
            let Some(seen) = self.outgoing.seen(id) else { return vec![SmolStr::new_static("*")] };
            all.extend(seen.iter().copied());
        }
        let others = all.into_iter().filter(|namespace| Some(*namespace) != home);
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
