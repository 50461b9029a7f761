use super::super::Lowering;
use super::network_rule::probes;
use crate::manifest::istio::Selector;
use crate::manifest::k8s::{NetworkPolicy, PolicyType};
use crate::manifest::{Object, Spec, Wave};

/// The closed default of the network in every namespace: NS/`default-deny`. It comes last, after what it leaves open. A
/// pod that nobody declares is asked how it does all the same.
pub(in crate::lower) fn lower(lowering: &Lowering<'_>, take: &mut dyn FnMut(Object)) {
    let namespaces = lowering.mesh.namespaces().filter(|(id, _)| lowering.writes_into(*id));
    for (id, namespace) in namespaces.filter(|(_, namespace)| namespace.network_policy) {
        let spec = NetworkPolicy {
            pod_selector: Selector::default(),
            policy_types: vec![PolicyType::Ingress, PolicyType::Egress],
            ingress: probes(&namespace.data_plane).into_iter().collect(),
            egress: Vec::new(),
        };
        let place = lowering.place(id, "default-deny", Wave::Defaults);
        take(lowering.frame.object(&lowering.owned_by_namespace(id), place, Spec::NetworkPolicy(spec)));
    }
}
