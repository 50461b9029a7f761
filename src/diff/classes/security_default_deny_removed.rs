use super::Class;
use crate::diff::view::network::{self, Way};
use crate::diff::{Comparison, Finding};
use crate::value::Risk;

pub(super) static CLASS: Class = Class { name: "security.default_deny_removed", find };

/// Where no `NetworkPolicy` selects a pod, everything goes through.
fn find(comparison: &Comparison<'_>, found: &mut Vec<Finding>) {
    for step in network::steps(comparison).into_iter().filter(|step| step.was_closed && !step.is_closed) {
        let (what, effect) = match step.way {
            Way::In => (
                format!("{} are not closed to the network any more", step.of),
                "whoever reaches the pod's address reaches every port of it",
            ),
            Way::Out => (format!("{} may dial anything", step.of), "a pod that is taken over can carry data anywhere"),
        };
        found.push(
            Finding::new(&CLASS, Risk::Critical, step.change, "", what)
                .effect(effect)
                .safe("leave a policy that selects all pods and allows nothing: podSelector: {}"),
        );
    }
}
