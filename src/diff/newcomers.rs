//! What is new as a whole: a service that nobody called yesterday breaks nobody's calls.

use super::{Comparison, Finding, Id, Object, Operation, Side};
use crate::value::Risk;
use smol_str::SmolStr;
use std::collections::BTreeSet;

/// Classes that hold something new against what Istio and Kubernetes do where nothing is said: of what did not exist that
/// was nobody's wish.
const AGAINST_DEFAULTS: [&str; 12] = [
    "egress.host_added",
    "egress.sidecar_egress_narrowed",
    "resilience.breaker_tightened",
    "resilience.lb_changed",
    "resilience.retries",
    "resilience.timeout",
    "security.access_narrowed",
    "security.access_widened",
    "security.default_flip",
    "security.mtls_upgraded",
    "security.networkpolicy_widened",
    "traffic.route_added",
];

/// Kinds whose objects speak for the pods of their namespace alone.
const INSIDE: [&str; 6] =
    ["AuthorizationPolicy", "NetworkPolicy", "PeerAuthentication", "RequestAuthentication", "Sidecar", "Telemetry"];

/// Leaves out what is found of pods of namespaces that come in the same change.
pub(super) fn leave_out(comparison: &Comparison<'_>, found: &mut Vec<Finding>) {
    found.retain(|finding| !is_of_new_namespace(comparison, finding));
}

/// Lowers the risk of findings that only say how something new begins. What it opens to the outside, or to anybody without
/// an identity, stays as grave as it is.
pub(super) fn lower(comparison: &Comparison<'_>, found: &mut [Finding]) {
    // Of a cluster, and of a mesh that is new altogether, nobody here knows who called whom yesterday.
    if comparison.before.is_live || comparison.before.owner().is_none() {
        return;
    }
    let known = owners(comparison.before);
    let is_new =
        |object: &Object| object.owner.node.as_ref().is_some_and(|node| is_alone(node) && !known.contains(node));
    for finding in found.iter_mut().filter(|finding| finding.risk > Risk::Low && finding.risk < Risk::Critical) {
        let is_against_defaults = AGAINST_DEFAULTS.contains(&finding.class.name);
        if is_against_defaults && added(comparison, &finding.object).is_some_and(is_new) {
            finding.risk = Risk::Low;
        }
    }
}

/// Whether it is about pods of a namespace that comes in the same change: nobody calls them yet.
fn is_of_new_namespace(comparison: &Comparison<'_>, finding: &Finding) -> bool {
    let namespace = finding.object.namespace.as_ref();
    let of =
        namespace.map(|name| Id { namespace: None, kind: "Namespace".into(), name: name.clone(), group: "".into() });
    INSIDE.contains(&finding.object.kind.as_str())
        && added(comparison, &finding.object).is_some()
        && of.is_some_and(|of| added(comparison, &of).is_some())
}

/// The object of this identity, if it comes.
fn added<'s>(comparison: &Comparison<'s>, id: &Id) -> Option<&'s Object> {
    let place = comparison.changes.binary_search_by(|change| change.id.cmp(id)).ok()?;
    let change = comparison.changes.get(place)?;
    change.after.filter(|_| change.operation() == Operation::Add)
}

/// Whether what a node says holds for itself alone: a mesh, a namespace and a gateway speak of what others have too.
fn is_alone(node: &str) -> bool {
    ["service.", "workload.", "external."].iter().any(|kind| node.starts_with(kind))
}

/// Every node of intent that a side has objects of.
fn owners(side: &Side) -> BTreeSet<&SmolStr> {
    side.objects().filter_map(|object| object.owner.node.as_ref()).collect()
}
