//! What holds of connections to a host, from what is said of its pods.
//!
//! Istio replaces blocks whole: a version's block takes the place of the same block of the host, and a port's settings
//! the place of all others, so each is written out in full.

use super::connection_pool::Carried;
use super::{breaker, connection_pool, load_balancer};
use crate::ir::{Breaker, Connection, Port, Resilience, Service};
use crate::manifest::istio::{PortNumber, PortPolicy, TrafficPolicy};

/// What holds of a host whose connections carry this.
pub(super) fn lower(said: &Resilience, carried: Carried) -> TrafficPolicy {
    let breaker = said.breaker.as_deref();
    TrafficPolicy {
        load_balancer: load_balancer::lower(said),
        connection_pool: connection_pool::lower(breaker, said.connection.as_deref(), carried),
        outlier_detection: breaker.and_then(breaker::ejection),
        tls: None,
        port_level_settings: Vec::new(),
        retry_budget: breaker.and_then(breaker::retry_budget),
    }
}

/// What holds of a service.
pub(super) fn of_service(service: &Service) -> Option<TrafficPolicy> {
    let whole = lower(&service.resilience, carried(service));
    let own = apart(service).into_iter().map(|(port, said)| port_policy(port, said));
    let policy = TrafficPolicy { port_level_settings: own.collect(), ..whole };
    (policy != TrafficPolicy::default()).then_some(policy)
}

/// What holds of a version of which this is said. What the service says and the version takes back is replaced by a
/// block that does nothing.
pub(super) fn of_version(service: &Service, said: &Resilience) -> Option<TrafficPolicy> {
    let base = &service.resilience;
    let whole = lower(base, carried(service));
    let own = lower(said, carried(service));
    let policy = TrafficPolicy {
        load_balancer: own.load_balancer,
        connection_pool: own.connection_pool.or_else(|| whole.connection_pool.map(|_| connection_pool::none())),
        outlier_detection: own.outlier_detection.or_else(|| whole.outlier_detection.map(|_| breaker::no_ejection())),
        tls: None,
        port_level_settings: ports_of_version(service, said),
        retry_budget: own.retry_budget.or_else(|| whole.retry_budget.map(|_| breaker::no_retry_budget())),
    };
    (policy != TrafficPolicy::default()).then_some(policy)
}

fn ports_of_version(service: &Service, said: &Resilience) -> Vec<PortPolicy> {
    let ports = apart(service).into_iter();
    ports.map(|(port, of_port)| port_policy(port, &of_port.with_own_of(said, &service.resilience))).collect()
}

/// The ports that need settings of their own: those of which something is said, and those that carry no requests where
/// connections of the others are made for a version of HTTP, which Istio would ask for on every port alike.
fn apart(service: &Service) -> Vec<(&Port, &Resilience)> {
    let versions = service.versions.iter().filter_map(|version| version.resilience.as_deref());
    let chooses = |said: &Resilience| said.connection.as_deref().is_some_and(Connection::chooses_version);
    let is_split = std::iter::once(&service.resilience).chain(versions).any(chooses);
    let ports = service.ports.iter().filter(|port| port.resilience.is_some() || (is_split && !port.is_http()));
    ports.map(|port| (port, port.resilience.as_deref().unwrap_or(&service.resilience))).collect()
}

/// A port's own block drops all else that is said for that port; one that says nothing must not be empty.
fn port_policy(port: &Port, said: &Resilience) -> PortPolicy {
    let carried = Carried { requests: port.is_http(), others: !port.is_http() };
    let none = Breaker::default();
    let breaker = said.breaker.as_deref().unwrap_or(&none);
    let (load_balancer, outlier_detection) = (load_balancer::lower(said), breaker::ejection(breaker));
    let pool = connection_pool::lower(Some(breaker), said.connection.as_deref(), carried);
    let is_empty = load_balancer.is_none() && outlier_detection.is_none();
    let connection_pool = pool.or_else(|| is_empty.then(connection_pool::none));
    let port = PortNumber { number: port.number.value.number() };
    PortPolicy { port, load_balancer, connection_pool, outlier_detection, tls: None }
}

fn carried(service: &Service) -> Carried {
    Carried {
        requests: service.http_ports().next().is_some(),
        others: service.ports.iter().any(|port| !port.is_http()),
    }
}
