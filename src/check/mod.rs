//! Judges a mesh: what would be refused, ignored or dangerous once it runs. A file a rule, named by its code.
//!
//! Input is a closed [`Mesh`]; output is diagnostics. A mesh without an error can always be lowered: if lowering could
//! go wrong, a rule is missing here. It repairs nothing and knows no other pass.

mod access;
mod actions;
mod candidates;
mod carried;
mod gateways;
mod guards;
mod outside;
mod resilience;
mod rules;
mod said;

use crate::diagnostic::{Code, Diagnostics};
use crate::ir::Mesh;
use crate::value::Date;
use crate::verbatim::Made;

/// What rules judge: the mesh, and the day on which it is judged, where that counts.
#[derive(Clone, Copy)]
pub struct Subject<'m> {
    /// The mesh.
    pub mesh: &'m Mesh,
    /// Today, in UTC; none where dates are not to count.
    pub today: Option<Date>,
    /// Whether a day that is over is a warning.
    pub dates_only_warn: bool,
    /// The objects that it becomes, before any patch; none while it is not yet known that it becomes some.
    pub made: &'m [Made],
}

/// One rule.
pub struct Rule {
    /// The fault that it finds.
    pub code: &'static Code,
    /// Finds it.
    run: fn(&Subject<'_>, &mut Diagnostics),
}

/// One rule about all environments together.
pub struct RuleOfAll {
    /// The fault that it finds.
    pub code: &'static Code,
    /// Finds it.
    run: fn(&[&Mesh], &mut Diagnostics),
}

/// Runs the rules about what no environment needs.
pub fn check_all(meshes: &[&Mesh], found: &mut Diagnostics) {
    for rule in rules::OF_ALL {
        (rule.run)(meshes, found);
    }
}

/// Runs every rule.
pub fn check(subject: &Subject<'_>, found: &mut Diagnostics) {
    for rule in rules::ALL {
        (rule.run)(subject, found);
    }
}

/// Runs the rules about what a mesh without errors becomes.
pub fn check_objects(subject: &Subject<'_>, found: &mut Diagnostics) {
    for rule in rules::OF_OBJECTS {
        (rule.run)(subject, found);
    }
}

/// Every fault that rules find, for `mesh explain` and the book.
pub fn codes() -> impl Iterator<Item = &'static Code> {
    let of_one = rules::ALL.iter().chain(rules::OF_OBJECTS).map(|rule| rule.code);
    of_one.chain(rules::OF_ALL.iter().map(|rule| rule.code))
}
