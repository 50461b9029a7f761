//! Every breaker of a service.

use crate::ir::{Breaker, Service};

/// The service's own breaker and those of its ports and versions, which hold what they have from the service too.
pub(super) fn breakers(service: &Service) -> impl Iterator<Item = &Breaker> {
    let ports = service.ports.iter().filter_map(|port| port.breaker.as_deref());
    let versions = service.versions.iter().filter_map(|version| version.breaker.as_deref());
    service.breaker.as_deref().into_iter().chain(ports).chain(versions)
}
