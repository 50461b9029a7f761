use super::Class;
use crate::diff::view::drift::Outcome;
use crate::diff::{Comparison, Finding};
use crate::value::Risk;

pub(super) static CLASS: Class = Class { name: "drift.controlled", find };

/// Shares that a roll-out moves and replicas that a scaler sets are no drift; that both write them is to be said.
fn find(comparison: &Comparison<'_>, found: &mut Vec<Finding>) {
    for drift in comparison.drift() {
        let Outcome::Controlled(owner) = &drift.outcome else { continue };
        let (object, pointer) = (drift.change.id.object_name(), &drift.pointer);
        found.push(
            drift
                .finding(&CLASS, Risk::None)
                .effect(format!("applying sets it back until {owner} writes it again"))
                .safe(format!("ignore \"{object}\" \"{pointer}\" owner=\"{owner}\" reason=\"...\"")),
        );
    }
}
