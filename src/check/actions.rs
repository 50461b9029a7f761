//! What is done to requests, wherever it is said: shared by the rules about it.

use crate::ir::{Actions, Mesh, Retry, Service};
use crate::source::Decided;
use crate::value::Duration;

/// A service, or one of its exposures, with what is done to its requests.
pub(super) struct Handled<'m> {
    /// The service.
    pub(super) service: &'m Service,
    /// What is done.
    pub(super) actions: &'m Actions,
    /// How long a request may take.
    pub(super) timeout: Option<&'m Decided<Duration>>,
    /// How often it is tried again.
    pub(super) retry: &'m Retry,
}

/// Every service, exposure and route to whose requests something is done.
pub(super) fn handled(mesh: &Mesh) -> impl Iterator<Item = Handled<'_>> {
    mesh.services.iter().flat_map(|service| {
        let own = service.actions.as_deref().map(|actions| Handled {
            service,
            actions,
            timeout: service.timeout.as_ref(),
            retry: &service.retry,
        });
        let exposures = service.exposures.iter().filter_map(move |exposure| {
            let (timeout, retry) = (exposure.timeout.as_ref(), &exposure.retry);
            exposure.actions.as_deref().map(|actions| Handled { service, actions, timeout, retry })
        });
        let routes = service.routes.iter().filter_map(move |route| {
            let (timeout, retry) = (route.handling.timeout.as_ref(), &route.handling.retry);
            route.handling.actions.as_deref().map(|actions| Handled { service, actions, timeout, retry })
        });
        own.into_iter().chain(exposures).chain(routes)
    })
}
