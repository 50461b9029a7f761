//! Which findings are told of in one breath: one edit can do the same to many routes and objects, and whoever reads of it
//! wants to read it once.

use super::{Accepted, Finding, Report};
use std::collections::{BTreeMap, BTreeSet};
use std::mem;

impl Report<'_> {
    /// Joins findings of one class and one risk: those that say the same of several objects or parts of one, and those
    /// that the same line did. What is accepted is joined by itself, since each finding was held against each `accept` before.
    pub fn join(&mut self) {
        self.findings = joined(mem::take(&mut self.findings));
        for list in [&mut self.accepted, &mut self.expired] {
            *list = of_accepted(mem::take(list));
        }
    }
}

fn joined(all: Vec<Finding>) -> Vec<Finding> {
    let mut joined: Vec<Finding> = Vec::new();
    // Where each change, and each line that did something, is told of.
    let (mut changes, mut lines) = (BTreeMap::new(), BTreeMap::new());
    for finding in all {
        let Finding { class, risk, what, effect, place, .. } = &finding;
        let change = (class.name, *risk, what.clone(), effect.clone());
        let line = place.map(|place| (class.name, *risk, place));
        let known = changes.get(&change).or_else(|| lines.get(&line?)).copied();
        let at = known.unwrap_or(joined.len());
        changes.insert(change, at);
        lines.extend(line.map(|line| (line, at)));
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
