use super::Class;
use crate::diff::view::{gateways, names};
use crate::diff::{Comparison, Finding};
use crate::value::Risk;

pub(super) static CLASS: Class = Class { name: "exposure.host_added", find };

/// A host is open where a listener of a Gateway has it; what is behind it, a `VirtualService` of that Gateway says.
fn find(comparison: &Comparison<'_>, found: &mut Vec<Finding>) {
    for open in gateways::opened_hosts(comparison).iter().filter(|open| !open.host.contains('*')) {
        let what = format!("{} is open to the outside, by the gateway {}", names::short(&open.host), open.by);
        let effect = if open.is_served {
            "whoever reaches the gateway reaches the services that its routes lead to"
        } else {
            "no route stands behind it yet: requests are answered with 404 until somebody adds one"
        };
        let mut finding = Finding::new(&CLASS, Risk::High, open.change, &open.pointer, what)
            .effect(effect)
            .safe("see that access rules and tokens stand before the host is open");
        finding.hosts.push(open.host.clone());
        found.push(finding);
    }
}
