use super::laying::Laying;
use crate::intent;
use crate::ir::{DataPlane, MtlsMode, Plane, Retry, Service};
use crate::source::{Decided, Layer, Origin, Spanned};
use crate::value::Label;

/// Lays `data-plane` over the weaker ones; another way to join drops what belonged to the first.
pub(super) fn lay(laying: &mut Laying<'_>, laid: &mut DataPlane, said: &Spanned<intent::DataPlane>) {
    let intent::DataPlane { plane, revision, waypoint } = &said.value;
    if let Some(plane) = plane {
        laying.check_first(laid.plane.span(), plane.span, "`data-plane`");
        let value = match plane.value {
            intent::Plane::Sidecar => Plane::PerPod,
            intent::Plane::Ambient => Plane::PerNode,
            intent::Plane::Off => Plane::Outside,
        };
        if value != laid.plane.value {
            (laid.revision, laid.waypoint) = (None, None);
        }
        laid.plane.overrule(value, laying.origin(plane.span));
    }
    let text = |name: &intent::Said<Label>| name.clone().map(|name| name.map(|name| name.text().clone()));
    laying.part(&mut laid.revision, &text(revision), "`revision`");
    laying.part(&mut laid.waypoint, &text(waypoint), "`waypoint`");
}

/// Takes the defaults from a service that its data plane cannot honour; what its own page says is judged by a rule, and
/// so is a default that keeps somebody out, or says that nobody is.
pub(super) fn fit(service: &mut Service) {
    let is_default = |origin: Origin| origin.layer < Layer::OwnProfile;
    match service.data_plane.plane.value {
        Plane::PerPod => {}
        Plane::Outside => {
            if is_default(service.mtls.mode.origin) {
                service.mtls.mode = Decided::built_in(MtlsMode::Disabled);
                service.mtls.waiver = None;
            }
        }
        Plane::PerNode => {
            service.timeout.take_if(|timeout| is_default(timeout.origin));
            if service.retry.origin().is_some_and(is_default) {
                service.retry = Retry::Unsaid;
            }
            service.actions.take_if(|actions| actions.said().iter().all(|(_, origin)| is_default(*origin)));
            service.resilience.retain(|origin| !is_default(origin));
        }
    }
}
