use super::Class;
use crate::diff::view::drift::Outcome;
use crate::diff::{Comparison, Finding};
use crate::value::Risk;

pub(super) static CLASS: Class = Class { name: "drift.overwritten", find };

/// Whoever applies undoes what somebody did by hand, who may have had a reason.
fn find(comparison: &Comparison<'_>, found: &mut Vec<Finding>) {
    for drift in comparison.drift().iter().filter(|drift| drift.outcome == Outcome::Overwritten) {
        found.push(
            drift
                .finding(&CLASS, Risk::Medium)
                .effect("applying undoes it")
                .safe("find out why it was done; if it is to stay, say it in intent first"),
        );
    }
}
