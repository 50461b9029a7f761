use super::Class;
use crate::diff::view::scope;
use crate::diff::{Comparison, Finding};
use crate::value::Risk;

pub(super) static CLASS: Class = Class { name: "egress.outbound_policy_opened", find };

const SAFE: &str = "add a ServiceEntry for each host that is really called, and stay with REGISTRY_ONLY";
const EFFECT: &str = "whatever a pod dials leaves the mesh, unnamed and past every rule about known hosts";

fn find(comparison: &Comparison<'_>, found: &mut Vec<Finding>) {
    for step in scope::steps(comparison).into_iter().filter(|step| step.is_open && !step.was_open) {
        let what = format!("{} may call what no service and no ServiceEntry names", step.of);
        let pointer = "/spec/outboundTrafficPolicy";
        found.push(Finding::new(&CLASS, Risk::High, step.change, pointer, what).effect(EFFECT).safe(SAFE));
    }
    if scope::is_mesh_closed(comparison.before) && !scope::is_mesh_closed(comparison.after) {
        let of_mesh = ["IstioOperator", "Istio", "ConfigMap"];
        if let Some(change) = comparison.changes.iter().find(|change| of_mesh.contains(&change.id.kind.as_str())) {
            let what = "the whole mesh may call what no service and no ServiceEntry names";
            let pointer = "/spec/meshConfig/outboundTrafficPolicy";
            found.push(Finding::new(&CLASS, Risk::High, change, pointer, what).effect(EFFECT).safe(SAFE));
        }
    }
}
