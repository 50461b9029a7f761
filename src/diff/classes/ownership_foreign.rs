use super::Class;
use crate::diff::{Comparison, Finding, Object};
use crate::value::Risk;

pub(super) static CLASS: Class = Class { name: "ownership.foreign", find };

/// An object of this name is in the cluster already, and belongs to another tool or project: two writers of one object
/// overwrite each other for ever.
fn find(comparison: &Comparison<'_>, found: &mut Vec<Finding>) {
    for change in comparison.standing().filter(|_| comparison.before.is_live) {
        let (Some(before), Some(after)) = (change.before, change.after) else { continue };
        if let Some(other) = other(before, after).filter(|_| after.owner.is_ours) {
            found.push(
                Finding::new(&CLASS, Risk::High, &change, "", format!("an object of {other} is taken over"))
                    .effect("two write the same object, and each undoes what the other wrote")
                    .safe("take it out of the other one first, or give one of the two another name"),
            );
        }
    }
}

/// Whose an object is, if it is not of what takes its place.
fn other(before: &Object, after: &Object) -> Option<String> {
    let (own, owner) = (&after.owner, &before.owner);
    if let Some(other) = &owner.other {
        return Some(other.to_string());
    }
    let project = owner.project.as_deref().unwrap_or_default();
    let environment = owner.environment.as_deref().unwrap_or_default();
    let is_of_another = owner.is_ours && !owner.is_same(own);
    is_of_another.then(|| format!("the project {project} in the environment {environment}"))
}
