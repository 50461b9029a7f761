use super::super::Lowering;
use super::breaker;
use crate::ir::{Breaker, Port, Service, ServiceId, Version};
use crate::manifest::istio::{DestinationRule, PortNumber, PortPolicy, Subset, TrafficPolicy};
use crate::manifest::{Object, Spec, Wave};

/// What holds of connections to each service: NS/`<service>`, in the owner's namespace alone, since one in the caller's
/// would hide the owner's subsets.
pub(in crate::lower) fn lower(lowering: &Lowering<'_>, take: &mut dyn FnMut(Object)) {
    let services = lowering.mesh.services().filter(|(_, service)| lowering.writes_into(service.namespace));
    for (id, service) in services {
        let traffic_policy = traffic_policy(service);
        if traffic_policy.is_some() || !service.versions.is_empty() {
            take(object(lowering, id, traffic_policy));
        }
    }
}

fn object(lowering: &Lowering<'_>, id: ServiceId, traffic_policy: Option<TrafficPolicy>) -> Object {
    let service = lowering.mesh.service(id);
    let rule = DestinationRule {
        host: lowering.frame.fqdn(id),
        export_to: lowering.reach.export_to_all(lowering.mesh, id),
        traffic_policy,
        subsets: service.versions.iter().map(subset).collect(),
    };
    let place = lowering.place(service.namespace, service.name.clone(), Wave::Ground);
    lowering.frame.object(&lowering.owned_by_service(service), place, Spec::DestinationRule(rule))
}

fn traffic_policy(service: &Service) -> Option<TrafficPolicy> {
    let port_level_settings: Vec<PortPolicy> = service.ports.iter().filter_map(port_policy).collect();
    let whole = service.breaker.as_deref().and_then(policy);
    if port_level_settings.is_empty() {
        return whole;
    }
    Some(TrafficPolicy { port_level_settings, ..whole.unwrap_or_default() })
}

fn policy(breaker: &Breaker) -> Option<TrafficPolicy> {
    let policy = TrafficPolicy {
        connection_pool: breaker::pool(breaker),
        outlier_detection: breaker::ejection(breaker),
        port_level_settings: Vec::new(),
        retry_budget: breaker::retry_budget(breaker),
    };
    (policy != TrafficPolicy::default()).then_some(policy)
}

/// A port's own block drops all else that is said for that port, so it is written whole.
fn port_policy(port: &Port) -> Option<PortPolicy> {
    let said = port.breaker.as_deref()?;
    let (connection_pool, outlier_detection) = (breaker::pool(said), breaker::ejection(said));
    let is_said = connection_pool.is_some() || outlier_detection.is_some();
    let port = PortNumber { number: port.number.value.number() };
    is_said.then_some(PortPolicy { port, connection_pool, outlier_detection })
}

/// A version's own block replaces the same block of the service, so it is written whole.
fn subset(version: &Version) -> Subset {
    let labels = (&version.selector).into();
    Subset { name: (&version.name).into(), labels, traffic_policy: version.breaker.as_deref().and_then(policy) }
}
