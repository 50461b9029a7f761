//! Which findings are told of in one breath: one edit can do the same to many routes and objects, and whoever reads of it
//! wants to read it once.

use super::{Accepted, Change, Finding, Id, Operation, Report};
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
    let mut joined: Vec<Finding> = Vec::new();
    // Where each change, each line that did something, and each object that comes or goes is told of.
    let (mut changes, mut lines, mut objects) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    for finding in all {
        let Finding { class, risk, what, effect, place, .. } = &finding;
        let change = (class.name, *risk, what.clone(), effect.clone());
        let line = place.map(|place| (class.name, *risk, place));
        let object = whole.get(&finding.object).map(|object| (class.name, *risk, *object));
        let of_line = || line.and_then(|line| lines.get(&line));
        let known = changes.get(&change).or_else(of_line).or_else(|| objects.get(&object?)).copied();
        let at = known.unwrap_or(joined.len());
        changes.insert(change, at);
        lines.extend(line.map(|line| (line, at)));
        objects.extend(object.map(|object| (object, at)));
        match joined.get_mut(at) {
            Some(known) => take(known, finding),
            None => joined.push(finding),
        }
    }
    joined.iter_mut().for_each(meet_once);
    joined
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
fn meet_once(finding: &mut Finding) {
    for met in [&mut finding.callers, &mut finding.hosts] {
        let mut seen = BTreeSet::new();
        met.retain(|one| seen.insert(one.clone()));
    }
}
