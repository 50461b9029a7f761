use super::Class;
use crate::diff::{Comparison, Finding};
use crate::value::Risk;

pub(super) static CLASS: Class = Class { name: "ownership.adopted", find };

/// An object of this name is in the cluster already, and nobody says that it is his.
fn find(comparison: &Comparison<'_>, found: &mut Vec<Finding>) {
    for change in comparison.standing().filter(|_| comparison.before.is_live) {
        let (Some(before), Some(after)) = (change.before, change.after) else { continue };
        if after.owner.is_ours && !before.owner.is_ours && before.owner.other.is_none() {
            found.push(
                Finding::new(&CLASS, Risk::Medium, &change, "", "an object that somebody made by hand is taken over")
                    .effect("what was written there by hand is replaced, and the object goes when its intent goes")
                    .safe("say in intent what was written by hand, or give one of the two another name"),
            );
        }
    }
}
