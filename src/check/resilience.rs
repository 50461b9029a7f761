//! Everything that is said of the pods of a service.

use crate::ir::{Breaker, Resilience, Service};

/// What is said of the service's pods, and of those of its ports and versions, which hold what they have from the
/// service too.
pub(super) fn resilience(service: &Service) -> impl Iterator<Item = &Resilience> {
    let ports = service.ports.iter().filter_map(|port| port.resilience.as_deref());
    let versions = service.versions.iter().filter_map(|version| version.resilience.as_deref());
    std::iter::once(&service.resilience).chain(ports).chain(versions)
}

/// Every breaker of a service.
pub(super) fn breakers(service: &Service) -> impl Iterator<Item = &Breaker> {
    resilience(service).filter_map(|said| said.breaker.as_deref())
}
