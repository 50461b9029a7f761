use super::Class;
use crate::diff::{Comparison, Finding, Operation};
use crate::value::Risk;

pub(super) static CLASS: Class = Class { name: "meta.format_only", find };

/// It comes behind all others: what changes in an object of which nobody told anything is spelling, order, or a default
/// that is written out.
fn find(comparison: &Comparison<'_>, found: &mut Vec<Finding>) {
    for change in comparison.changes.iter().filter(|change| change.operation() == Operation::Change) {
        let is_told = found.iter().any(|finding| finding.object == *change.id);
        let is_of_mesh = change.id.group.ends_with("istio.io") || change.id.group.ends_with("networking.k8s.io");
        let is_in_body = change.fields.iter().any(|field| field.pointer.starts_with("/spec"));
        if is_told || !is_of_mesh || !is_in_body {
            continue;
        }
        let pointer =
            change.fields.iter().map(|field| field.pointer.as_str()).find(|pointer| pointer.starts_with("/spec"));
        found.push(Finding::new(
            &CLASS,
            Risk::None,
            change,
            pointer.unwrap_or_default(),
            "it says the same in other words",
        ));
    }
    for alike in comparison.alike() {
        if alike.is_of_another_form() && !alike.is_of_another_version() {
            found.push(Finding::new(&CLASS, Risk::None, &alike.change(), "", "it says the same in other words"));
        }
    }
}
