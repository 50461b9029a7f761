//! Which findings are told of in one breath: one edit can do the same to many routes and objects, and whoever reads of it
//! wants to read it once.

use super::{Accepted, Change, Finding, Id, Operation, Place, Report};
use crate::value::Risk;
use std::collections::{BTreeMap, BTreeSet};
use std::mem;

impl Report<'_> {
    /// Joins findings of one class and one risk: those that say the same of several objects or parts of one, those that
    /// the same line did, and those of an object that comes or goes as a whole. What is accepted is joined by itself, since each finding was held against each `accept` before.
    pub fn join(&mut self) {
        let is_whole = |change: &&Change<'_>| change.operation() != Operation::Change;
        let whole: BTreeSet<&Id> = self.changes.iter().filter(is_whole).map(|change| change.id).collect();
        self.findings = joined(mem::take(&mut self.findings), &whole);
        for list in [&mut self.accepted, &mut self.expired] {
            *list = of_accepted(mem::take(list));
        }
    }
}

fn joined(all: Vec<Finding>, whole: &BTreeSet<&Id>) -> Vec<Finding> {
    let (mut joined, mut known): (Vec<Finding>, Breaths) = Default::default();
    for finding in all {
        let at = known.of(&finding, whole.contains(&finding.object), joined.len());
        match joined.get_mut(at) {
            Some(known) => take(known, finding),
            None => joined.push(finding),
        }
    }
    joined.iter_mut().for_each(meet_once);
    joined
}

/// What findings of one class and one risk have in common.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Cause {
    /// What changes, and what that does.
    Change(String, String),
    /// The line that did it.
    Line(Place),
    /// An object that comes or goes.
    Object(Id),
}

/// In which breath each cause is told of.
#[derive(Default)]
pub(super) struct Breaths(BTreeMap<(&'static str, Risk, Cause), usize>);

impl Breaths {
    /// The breath in which a finding is told of: that of its first cause that is known, else `next`. Its object is a cause
    /// where it comes or goes as a whole.
    pub(super) fn of(&mut self, finding: &Finding, is_whole: bool, next: usize) -> usize {
        let Finding { class, risk, what, effect, place, object, .. } = finding;
        let causes = [
            Some(Cause::Change(what.clone(), effect.clone())),
            place.map(Cause::Line),
            is_whole.then(|| Cause::Object(object.clone())),
        ];
        let causes: Vec<_> = causes.into_iter().flatten().map(|cause| (class.name, *risk, cause)).collect();
        let at = causes.iter().find_map(|cause| self.0.get(cause)).copied().unwrap_or(next);
        self.0.extend(causes.into_iter().map(|cause| (cause, at)));
        at
    }
}

fn of_accepted(all: Vec<Accepted>) -> Vec<Accepted> {
    let mut joined: Vec<Accepted> = Vec::new();
    for Accepted { finding, by } in all {
        let known = joined.iter_mut().find(|known| {
            let first = &known.finding;
            known.by.span == by.span && (first.class.name, first.risk) == (finding.class.name, finding.risk)
        });
        match known {
            Some(known) => take(&mut known.finding, finding),
            None => joined.push(Accepted { finding, by }),
        }
    }
    for accepted in &mut joined {
        meet_once(&mut accepted.finding);
    }
    joined
}

/// Takes a finding to one that is known; whom it meets is met by both.
fn take(known: &mut Finding, finding: Finding) {
    known.callers.extend(finding.callers.iter().cloned());
    known.hosts.extend(finding.hosts.iter().cloned());
    known.also.push(finding);
}

/// Leaves each of those once whom a finding meets together with others.
pub(super) fn meet_once(finding: &mut Finding) {
    for met in [&mut finding.callers, &mut finding.hosts] {
        let mut seen = BTreeSet::new();
        met.retain(|one| seen.insert(one.clone()));
    }
}
