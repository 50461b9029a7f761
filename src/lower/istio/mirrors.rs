use super::destination::Sender;
use super::fault;
use crate::ir::Mirror;
use crate::lower::Lowering;
use crate::manifest::Traced;
use crate::manifest::istio::{HttpMirror, RouteDestination};

/// The copies of a rule's requests; none for whom alone the requests are sent anyway.
pub(super) fn lower(
    lowering: &Lowering<'_>,
    sender: &Sender<'_>,
    mirrors: &[Mirror],
    route: &[RouteDestination],
) -> Vec<Traced<HttpMirror>> {
    let copies = mirrors.iter().filter_map(|Mirror { target, share }| {
        let destination = sender.copied_to(lowering, target)?;
        Some(Traced::new(HttpMirror { destination, percentage: fault::percentage(share) }, target.origin))
    });
    copies.filter(|copy| route.iter().any(|sent| sent.destination != copy.destination)).collect()
}
