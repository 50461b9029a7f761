use super::{
    Accept, Change, Comparison, Finding, Id, Ignored, Masks, Operation, Side, Unknown, Waivers, classes, newcomers,
};
use crate::value::{Date, Risk};
use std::collections::BTreeMap;

/// What a comparison found.
#[derive(Debug)]
pub struct Report<'s> {
    /// The objects in which the sides differ, by identity.
    pub changes: Vec<Change<'s>>,
    /// What that does, highest risk first.
    pub findings: Vec<Finding>,
    /// What of it people take on them.
    pub accepted: Vec<Accepted>,
    /// Findings that were accepted until a day that is over; they stand among `findings` as well.
    pub expired: Vec<Accepted>,
    /// Fields that were not compared, though they differ.
    pub ignored: Vec<Ignored>,
    /// What could not be compared.
    pub unknown: Vec<Unknown>,
    /// What stands instead of secrets in everything that is shown.
    pub masks: Masks,
    /// The namespace whose rules hold for the whole mesh.
    pub root: &'s str,
}

/// A finding that somebody accepts.
#[derive(Clone, Debug)]
pub struct Accepted {
    /// The finding.
    pub finding: Finding,
    /// Who accepts it.
    pub by: Accept,
}

/// What is compared.
#[derive(Clone, Copy, Debug)]
pub struct Sides<'s> {
    /// The side that is left.
    pub before: &'s Side,
    /// The side that is gone to.
    pub after: &'s Side,
    /// What the cluster has to which the one that is left was applied, if one was asked.
    pub live: Option<&'s Side>,
}

/// Compares sides. `ignored` is what [`ignore`](super::ignore) handed back for them.
pub fn compare<'s>(sides: Sides<'s>, ignored: Vec<Ignored>, waivers: &Waivers, today: Option<Date>) -> Report<'s> {
    let Sides { before, after, live } = sides;
    let comparison = Comparison::of(sides);
    let mut all = classes::find(&comparison);
    newcomers::lower(&comparison, &mut all);
    for finding in &mut all {
        if let Some(risk) = waivers.risks.get(finding.class.name) {
            finding.risk = *risk;
        }
    }
    all.sort_by(|one, other| other.risk.cmp(&one.risk).then_with(|| key(one).cmp(&key(other))));
    let (mut findings, mut accepted, mut expired) = (Vec::new(), Vec::new(), Vec::new());
    for finding in all {
        let object = after.get(&finding.object).or_else(|| before.get(&finding.object));
        match waivers.accepts(&finding, object) {
            Some(by) if by.reason.counts(today) => accepted.push(Accepted { finding, by: by.clone() }),
            Some(by) => {
                expired.push(Accepted { finding: finding.clone(), by: by.clone() });
                findings.push(finding);
            }
            None => findings.push(finding),
        }
    }
    let not_read = [Some(before), Some(after), live].into_iter().flatten();
    let mut unknown: Vec<Unknown> = not_read.flat_map(|side| &side.unknown).cloned().collect();
    unknown.sort();
    unknown.dedup();
    let drifted = comparison.drift().iter().filter_map(|drift| live?.get(drift.change.id));
    let changed = comparison.changes.iter().flat_map(|change| [change.before, change.after]).flatten();
    let masks = Masks::of(changed.chain(drifted));
    let kept = accepted.iter_mut().chain(&mut expired).map(|accepted: &mut Accepted| &mut accepted.finding);
    findings.iter_mut().chain(kept).for_each(|finding| finding.mask(&masks));
    let root = after.root();
    Report { changes: comparison.changes, findings, accepted, expired, ignored, unknown, masks, root }
}

/// The order of findings of one risk.
fn key(finding: &Finding) -> (&Id, &'static str, &str, &str, &str) {
    (&finding.object, finding.class.name, &finding.pointer, &finding.of, &finding.what)
}

impl Report<'_> {
    /// The highest risk of all findings that nobody accepts.
    pub fn risk(&self) -> Risk {
        self.findings.iter().map(|finding| finding.risk).max().unwrap_or(Risk::None)
    }

    /// Whether the cluster is not what was applied to it, in anything that somebody is to look at.
    pub fn has_drifted(&self) -> bool {
        self.findings.iter().any(|finding| finding.is_drift() && finding.risk > Risk::None)
    }

    /// How many findings have a risk.
    pub fn count(&self, risk: Risk) -> usize {
        self.findings.iter().filter(|finding| finding.risk == risk).count()
    }

    /// How many objects come, change or go.
    pub fn operations(&self, operation: Operation) -> usize {
        self.changes.iter().filter(|change| change.operation() == operation).count()
    }

    /// The objects of which something is told, each with the highest risk of that.
    pub fn told(&self) -> BTreeMap<&Id, Risk> {
        let mut told = BTreeMap::new();
        let accepted = self.accepted.iter().map(|accepted| &accepted.finding);
        for finding in self.findings.iter().chain(accepted).flat_map(Finding::all) {
            let risk = told.entry(&finding.object).or_insert(finding.risk);
            *risk = finding.risk.max(*risk);
        }
        told
    }
}
