use super::super::Lowering;
use super::super::frame::Owner;
use crate::ir::{Labels, NamespaceId};
use crate::manifest::istio::{AuthorizationPolicy, Selector};
use crate::manifest::{Object, Spec, Wave};
use crate::source::Decided;
use smol_str::{SmolStr, format_smolstr};

/// The closed default of every namespace: NS/`allow-nothing`. It comes last, after the grants. A grant that is only
/// counted does not count against it: beside a service that is audited every other one has a default of its own,
/// NS/`<service>.nothing`.
pub(in crate::lower) fn lower(lowering: &Lowering<'_>, take: &mut dyn FnMut(Object)) {
    let mesh = lowering.mesh;
    for (id, _) in mesh.namespaces().filter(|(id, _)| lowering.writes_into(*id)) {
        if mesh.services.iter().any(|service| service.namespace == id && service.is_audited()) {
            one_by_one(lowering, id, take);
            continue;
        }
        let place = lowering.place(id, "allow-nothing", Wave::Defaults);
        let spec = Spec::AuthorizationPolicy(AuthorizationPolicy::default());
        take(lowering.frame.object(&lowering.owned_by_namespace(id), place, spec));
    }
}

fn one_by_one(lowering: &Lowering<'_>, id: NamespaceId, take: &mut dyn FnMut(Object)) {
    let mesh = lowering.mesh;
    let mut close = |owner: &Owner<'_>, name: &SmolStr, selector: &Decided<Labels>| {
        let selector = Some(Selector { match_labels: selector.into() });
        let spec = Spec::AuthorizationPolicy(AuthorizationPolicy { selector, ..AuthorizationPolicy::default() });
        let place = lowering.place(id, format_smolstr!("{name}.nothing"), Wave::Defaults);
        take(lowering.frame.object(owner, place, spec));
    };
    for gateway in mesh.gateways.iter().filter(|gateway| gateway.namespace == id) {
        close(&lowering.owned_by_gateway(gateway), &gateway.name, &gateway.selector);
    }
    for service in mesh.services.iter().filter(|service| service.namespace == id && !service.is_audited()) {
        close(&lowering.owned_by_service(service), &service.name, &service.selector);
    }
    for workload in mesh.workloads.iter().filter(|workload| workload.namespace == id) {
        close(&lowering.owned_by_workload(workload), &workload.name, &workload.selector);
    }
}
