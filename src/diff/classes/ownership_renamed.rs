use super::Class;
use crate::diff::{Comparison, Finding};
use crate::value::Risk;

pub(super) static CLASS: Class = Class { name: "ownership.renamed", find };

fn find(comparison: &Comparison<'_>, found: &mut Vec<Finding>) {
    for rename in comparison.renames() {
        let what = format!("{} is {} now: one goes, the other comes", rename.from.id, rename.to.id);
        found.push(
            Finding::new(&CLASS, Risk::Low, rename.to, "", what)
                .effect("between the two, neither holds")
                .safe("apply the one that comes before the one that goes is pruned"),
        );
    }
}
