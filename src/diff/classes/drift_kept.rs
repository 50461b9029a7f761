use super::Class;
use crate::diff::view::drift::Outcome;
use crate::diff::{Comparison, Finding};
use crate::value::Risk;

pub(super) static CLASS: Class = Class { name: "drift.kept", find };

/// A field that no intent says: whoever applies leaves it, so it stays until somebody takes it away by hand.
fn find(comparison: &Comparison<'_>, found: &mut Vec<Finding>) {
    for drift in comparison.drift().iter().filter(|drift| drift.outcome == Outcome::Kept) {
        found.push(
            drift
                .finding(&CLASS, Risk::Low)
                .effect("applying leaves it, since no intent says anything there")
                .safe("say it in intent, or take it out of the cluster by hand"),
        );
    }
}
