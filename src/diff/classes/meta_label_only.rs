use super::Class;
use crate::diff::{Comparison, Finding, Operation};
use crate::value::Risk;

pub(super) static CLASS: Class = Class { name: "meta.label_only", find };

/// Labels that decide something are told by the classes that know them, before this one.
fn find(comparison: &Comparison<'_>, found: &mut Vec<Finding>) {
    for change in comparison.changes.iter().filter(|change| change.operation() == Operation::Change) {
        let is_own =
            |pointer: &str| ["/metadata/labels", "/metadata/annotations"].iter().any(|own| pointer.starts_with(own));
        let is_told = found.iter().any(|finding| finding.object == *change.id);
        let is_all = !is_told && change.fields.iter().all(|field| is_own(&field.pointer));
        if let Some(first) = change.fields.first().filter(|_| is_all) {
            found.push(Finding::new(&CLASS, Risk::None, change, &first.pointer, "labels or annotations alone change"));
        }
    }
}
