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
        subsets: service.versions.iter().map(|version| subset(service, version)).collect(),
    };
    let place = lowering.place(service.namespace, service.name.clone(), Wave::Ground);
    lowering.frame.object(&lowering.owned_by_service(service), place, Spec::DestinationRule(rule))
}

fn traffic_policy(service: &Service) -> Option<TrafficPolicy> {
    let whole = service.breaker.as_deref().map(policy).unwrap_or_default();
    let own = service.ports.iter().filter_map(|port| port.breaker.as_deref().map(|said| (port, said)));
    let port_level_settings = own.map(|(port, said)| port_policy(port, said)).collect();
    let policy = TrafficPolicy { port_level_settings, ..whole };
    (policy != TrafficPolicy::default()).then_some(policy)
}

fn policy(breaker: &Breaker) -> TrafficPolicy {
    TrafficPolicy {
        connection_pool: breaker::pool(breaker),
        outlier_detection: breaker::ejection(breaker),
        port_level_settings: Vec::new(),
        retry_budget: breaker::retry_budget(breaker),
    }
}

/// A port's own block drops all else that is said for that port, so it is written whole; one that says nothing must not
/// be empty.
fn port_policy(port: &Port, said: &Breaker) -> PortPolicy {
    let (connection_pool, outlier_detection) = (breaker::pool(said), breaker::ejection(said));
    let is_empty = connection_pool.is_none() && outlier_detection.is_none();
    let connection_pool = connection_pool.or_else(|| is_empty.then(breaker::no_pool));
    PortPolicy { port: PortNumber { number: port.number.value.number() }, connection_pool, outlier_detection }
}

fn subset(service: &Service, version: &Version) -> Subset {
    let labels = (&version.selector).into();
    let traffic_policy = version.breaker.as_deref().map(|said| subset_policy(service, said));
    let traffic_policy = traffic_policy.filter(|policy| *policy != TrafficPolicy::default());
    Subset { name: (&version.name).into(), labels, traffic_policy }
}

/// A version's own block replaces the same block of the service, and of a port too, so it is written whole; what the
/// service says and the version takes back is replaced by a block that does nothing.
fn subset_policy(service: &Service, said: &Breaker) -> TrafficPolicy {
    let none = Breaker::default();
    let base = service.breaker.as_deref().unwrap_or(&none);
    let own = service.ports.iter().filter_map(|port| port.breaker.as_deref().map(|of_port| (port, of_port)));
    let port_level_settings = own.map(|(port, of_port)| port_policy(port, &of_port.with_own_of(said, base))).collect();
    let TrafficPolicy { connection_pool, outlier_detection, retry_budget, .. } = policy(said);
    TrafficPolicy {
        connection_pool: connection_pool.or_else(|| base.has_limit().then(breaker::no_pool)),
        outlier_detection: outlier_detection.or_else(|| base.ejects().then(breaker::no_ejection)),
        port_level_settings,
        retry_budget: retry_budget.or_else(|| base.retry_budget.is_some().then(breaker::no_retry_budget)),
    }
}
