use super::{cors, fault, headers};
use crate::ir::Actions;
use crate::manifest::istio::HttpRoute;

/// Adds to a rule what is done to its requests.
pub(super) fn apply(rule: HttpRoute, actions: Option<&Actions>) -> HttpRoute {
    let Some(Actions { headers, cors, fault }) = actions else { return rule };
    // Istio refuses a fault beside an answer on the spot.
    let is_sent = !rule.route.is_empty();
    HttpRoute {
        fault: fault.as_deref().filter(|_| is_sent).map(fault::lower),
        cors_policy: cors.as_deref().map(cors::lower),
        headers: headers.as_deref().map(headers::lower),
        ..rule
    }
}
