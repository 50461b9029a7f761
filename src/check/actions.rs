//! What is done to requests, wherever it is said: shared by the rules about it.

use crate::ir::{Actions, Mesh, Retry, Service};
use crate::source::Decided;
use crate::value::Duration;

/// A service, one of its exposures or routes, or something outside, with what is done to its requests.
pub(super) struct Handled<'m> {
    /// The service; none: it is something outside, which has no defaults.
    pub(super) service: Option<&'m Service>,
    /// What is done.
    pub(super) actions: &'m Actions,
    /// How long a request may take.
    pub(super) timeout: Option<&'m Decided<Duration>>,
    /// How often it is tried again.
    pub(super) retry: &'m Retry,
}

/// Every service, exposure, route and external to whose requests something is done.
pub(super) fn handled(mesh: &Mesh) -> impl Iterator<Item = Handled<'_>> {
    let outside = mesh.externals.iter().filter_map(|external| {
        let (timeout, retry) = (external.timeout.as_ref(), &external.retry);
        external.actions.as_deref().map(|actions| Handled { service: None, actions, timeout, retry })
    });
    let inside = mesh.services.iter().flat_map(|service| {
        let one = Some(service);
        let own = service.actions.as_deref().map(|actions| Handled {
            service: one,
            actions,
            timeout: service.timeout.as_ref(),
            retry: &service.retry,
        });
        let exposures = service.exposures.iter().filter_map(move |exposure| {
            let (timeout, retry) = (exposure.timeout.as_ref(), &exposure.retry);
            exposure.actions.as_deref().map(|actions| Handled { service: one, actions, timeout, retry })
        });
        let routes = service.routes.iter().filter_map(move |route| {
            let (timeout, retry) = (route.handling.timeout.as_ref(), &route.handling.retry);
            route.handling.actions.as_deref().map(|actions| Handled { service: one, actions, timeout, retry })
        });
        own.into_iter().chain(exposures).chain(routes)
    });
    inside.chain(outside)
}
