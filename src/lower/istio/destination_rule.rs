use super::super::Lowering;
use super::traffic_policy;
use crate::ir::{Service, ServiceId, Version};
use crate::manifest::istio::{DestinationRule, Subset, TrafficPolicy};
use crate::manifest::{Object, Spec, Wave};

/// What holds of connections to each service: NS/`<service>`, in the owner's namespace alone, since one in the caller's
/// would hide the owner's subsets.
pub(in crate::lower) fn lower(lowering: &Lowering<'_>, take: &mut dyn FnMut(Object)) {
    let services = lowering.mesh.services().filter(|(_, service)| lowering.writes_into(service.namespace));
    for (id, service) in services {
        let traffic_policy = traffic_policy::of_service(service);
        if traffic_policy.is_some() || !service.versions.is_empty() || !service.retained.is_empty() {
            take(object(lowering, id, traffic_policy));
        }
    }
}

fn object(lowering: &Lowering<'_>, id: ServiceId, traffic_policy: Option<TrafficPolicy>) -> Object {
    let service = lowering.mesh.service(id);
    let rule = DestinationRule {
        host: lowering.frame.fqdn(id),
        export_to: lowering.reach.export_to_all(lowering.mesh, id),
        workload_selector: None,
        traffic_policy,
        subsets: service.versions.iter().chain(&service.retained).map(|version| subset(service, version)).collect(),
    };
    let place = lowering.place(service.namespace, service.name.clone(), Wave::Ground);
    lowering.frame.object(&lowering.owned_by_service(service), place, Spec::DestinationRule(rule))
}

fn subset(service: &Service, version: &Version) -> Subset {
    let labels = (&version.selector).into();
    let said = version.resilience.as_deref();
    let traffic_policy = said.and_then(|said| traffic_policy::of_version(service, said));
    Subset { name: (&version.name).into(), labels, traffic_policy }
}
