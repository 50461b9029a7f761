use super::Class;
use crate::diff::{Comparison, Finding, Operation};
use crate::value::Risk;

pub(super) static CLASS: Class = Class { name: "meta.api_version_only", find };

/// All versions of a kind of Istio's say the same.
fn find(comparison: &Comparison<'_>, found: &mut Vec<Finding>) {
    for change in comparison.changes.iter().filter(|change| change.operation() == Operation::Change) {
        let is_own = |pointer: &str| pointer == "/apiVersion";
        let is_told = found.iter().any(|finding| finding.object == *change.id);
        let is_all = !is_told && change.fields.iter().all(|field| is_own(&field.pointer));
        if let Some(first) = change.fields.first().filter(|_| is_all) {
            found.push(Finding::new(
                &CLASS,
                Risk::None,
                change,
                &first.pointer,
                "the version of its API alone changes",
            ));
        }
    }
    for alike in comparison.alike() {
        if alike.is_of_another_version() {
            found.push(Finding::new(&CLASS, Risk::None, &alike.change(), "", "the version of its API alone changes"));
        }
    }
}
