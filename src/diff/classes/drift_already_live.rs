use super::Class;
use crate::diff::view::drift::Outcome;
use crate::diff::{Comparison, Finding};
use crate::value::Risk;

pub(super) static CLASS: Class = Class { name: "drift.already_live", find };

/// Somebody did in the cluster what this change does: nothing is left to do.
fn find(comparison: &Comparison<'_>, found: &mut Vec<Finding>) {
    for drift in comparison.drift().iter().filter(|drift| drift.outcome == Outcome::AlreadyLive) {
        found.push(drift.finding(&CLASS, Risk::None).effect("the intent says the same by now"));
    }
}
