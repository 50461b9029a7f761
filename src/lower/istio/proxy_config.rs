use super::super::Lowering;
use super::super::frame::Owner;
use crate::ir::{self, NamespaceId};
use crate::manifest::istio::{ProxyConfig, Selector};
use crate::manifest::{Object, Spec, Traced, Wave};
use crate::source::Decided;
use crate::value::VariableName;
use smol_str::SmolStr;

/// Threads and environment of proxies, of a namespace and of single services as far as they differ; of the mesh they are
/// values of the control plane. What else is said of a proxy stands on its pod.
pub(in crate::lower) fn lower(lowering: &Lowering<'_>, take: &mut dyn FnMut(Object)) {
    let mesh = lowering.mesh;
    for (id, namespace) in mesh.namespaces().filter(|(id, _)| lowering.writes_into(*id)) {
        if differs(&mesh.proxy, &namespace.proxy) {
            let place = lowering.place(id, "default", Wave::Defaults);
            take(lowering.frame.object(
                &lowering.owned_by_namespace(id),
                place,
                spec(None, &mesh.proxy, &namespace.proxy),
            ));
        }
    }
    let mut own = |owner: Owner<'_>, home: NamespaceId, selector: &Decided<ir::Labels>, said: Option<&ir::Proxy>| {
        let Some(said) = said.filter(|said| differs(&mesh.namespace(home).proxy, said)) else { return };
        let selector = Selector { match_labels: selector.into() };
        let place = lowering.place(home, owner.name, Wave::Defaults);
        take(lowering.frame.object(&owner, place, spec(Some(selector), &mesh.namespace(home).proxy, said)));
    };
    for service in mesh.services.iter().filter(|service| lowering.guards(service) && service.data_plane.is_per_pod()) {
        let owner = lowering.owned_by_service(service);
        own(owner, service.namespace, &service.selector, service.proxy.as_deref());
    }
    let workloads = mesh.workloads.iter().filter(|workload| workload.data_plane.is_per_pod());
    for workload in workloads.filter(|workload| lowering.writes_into(workload.namespace)) {
        let owner = lowering.owned_by_workload(workload);
        own(owner, workload.namespace, &workload.selector, workload.proxy.as_deref());
    }
    for gateway in mesh.gateways.iter().filter(|gateway| lowering.writes_into(gateway.namespace)) {
        own(lowering.owned_by_gateway(gateway), gateway.namespace, &gateway.selector, gateway.proxy.as_deref());
    }
}

/// Whether an object says something that the one above does not.
fn differs(above: &ir::Proxy, own: &ir::Proxy) -> bool {
    let threads = |proxy: &ir::Proxy| proxy.concurrency.as_ref().map(|said| said.value);
    let variables = |proxy: &ir::Proxy| -> Vec<SmolStr> {
        proxy.variables.iter().flat_map(|(name, value)| [name.text().clone(), value.value.clone()]).collect()
    };
    threads(above) != threads(own) || variables(above) != variables(own)
}

/// What differs: the rest comes down, variable by variable.
fn spec(selector: Option<Selector>, above: &ir::Proxy, said: &ir::Proxy) -> Spec {
    let threads = |proxy: &ir::Proxy| proxy.concurrency.as_ref().map(|said| said.value);
    let concurrency = said.concurrency.as_ref().filter(|_| threads(above) != threads(said));
    let is_new = |(name, value): &(&VariableName, &Decided<SmolStr>)| {
        above.variables.get(*name).is_none_or(|above| above.value != value.value)
    };
    let variables = said.variables.iter().filter(is_new);
    Spec::ProxyConfig(ProxyConfig {
        selector,
        concurrency: concurrency.map(Traced::from),
        environment_variables: variables.map(|(name, value)| (name.text().clone(), value.into())).collect(),
    })
}
