use super::Class;
use crate::diff::{Comparison, Finding, Operation};
use crate::value::Risk;

pub(super) static CLASS: Class = Class { name: "ownership.mass_delete", find };

/// More than so many percent of all that is ours.
const MANY: usize = 30;

fn find(comparison: &Comparison<'_>, found: &mut Vec<Finding>) {
    let Some(owner) = comparison.after.owner().or_else(|| comparison.before.owner()) else { return };
    let owned = comparison.before.objects().filter(|object| object.owner.is_same(owner)).count();
    let is_gone = |change: &&crate::diff::Change<'_>| {
        change.operation() == Operation::Delete && change.before.is_some_and(|object| object.owner.is_same(owner))
    };
    let gone: Vec<_> = comparison.changes.iter().filter(is_gone).collect();
    let Some(first) = gone.first().filter(|_| gone.len() * 100 > owned * MANY) else { return };
    found.push(
        Finding::new(
            &CLASS,
            Risk::Critical,
            first,
            "",
            format!("{} of {owned} objects of this environment go", gone.len()),
        )
        .effect("what they allowed is refused, and what they refused is let in")
        .safe("find out whether the right intent, environment and cluster are compared; then --allow-mass-delete"),
    );
}
