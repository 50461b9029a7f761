//! What is found in several environments, told of once: whoever reads of an edit wants to read of it once.

use super::Told;
use crate::diff::joined::{Breaths, meet_once};
use crate::diff::{Finding, Id, Report};
use crate::value::Risk;
use std::collections::{BTreeMap, BTreeSet};

/// Environments, by the number of their report.
pub(super) type Own = BTreeSet<usize>;

/// A finding, with the same of other environments.
pub(super) struct Across<'r> {
    /// All of it as one finding: what is in most environments first.
    pub(super) finding: Finding,
    /// The pages that it is told from.
    pub(super) told: &'r Told<'r>,
    /// The environments that it is in.
    reports: Own,
    /// The environments of each of its changes.
    of: BTreeMap<String, Own>,
}

/// The findings of all reports, highest risk first: those of one class and one risk together that say the same, or that
/// the same line did.
pub(super) fn across<'r>(reports: &'r [(Report<'r>, Told<'r>)]) -> Vec<Across<'r>> {
    let (mut rows, mut known): (Vec<Vec<(usize, &Finding)>>, Breaths) = Default::default();
    for (number, (report, _)) in reports.iter().enumerate() {
        for finding in &report.findings {
            let at = known.of(finding, false, rows.len());
            match rows.get_mut(at) {
                Some(row) => row.push((number, finding)),
                None => rows.push(vec![(number, finding)]),
            }
        }
    }
    let mut rows: Vec<Across<'r>> = rows.into_iter().filter_map(|row| joined(reports, &row)).collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.finding.risk));
    rows
}

/// How many findings there are of each of these risks, in all environments together.
pub(super) fn count(rows: &[Across<'_>], risk: Risk) -> usize {
    rows.iter().filter(|row| row.finding.risk == risk).count()
}

fn joined<'r>(reports: &'r [(Report<'r>, Told<'r>)], row: &[(usize, &Finding)]) -> Option<Across<'r>> {
    let (first, _) = row.first()?;
    let (mut within, mut of) = (BTreeMap::<&Id, Own>::new(), BTreeMap::<String, Own>::new());
    let mut all: Vec<&Finding> = Vec::new();
    for (number, finding) in row {
        for one in finding.all() {
            within.entry(&one.object).or_default().insert(*number);
            of.entry(one.what.clone()).or_default().insert(*number);
            all.push(one);
        }
    }
    if reports.len() > 1 {
        all.sort_by_key(|one| std::cmp::Reverse(within.get(&one.object).map_or(0, Own::len)));
    }
    let mut each = all.into_iter().map(Finding::alone);
    let mut finding = each.next()?;
    finding.also = each.collect();
    finding.callers = row.iter().flat_map(|(_, finding)| &finding.callers).cloned().collect();
    finding.hosts = row.iter().flat_map(|(_, finding)| &finding.hosts).cloned().collect();
    meet_once(&mut finding);
    let told = &reports.get(*first)?.1;
    Some(Across { finding, told, reports: row.iter().map(|(number, _)| *number).collect(), of })
}

impl Across<'_> {
    /// What it says, a clause for each change; a change that is not in all of its environments says in which it is.
    pub(super) fn clauses(&self, reports: &[(Report<'_>, Told<'_>)]) -> Vec<String> {
        let clauses = self.finding.changes().into_iter().zip(self.finding.clauses());
        clauses.map(|(what, clause)| self.in_some(reports, what, clause)).collect()
    }

    /// The same where there is little room: of several objects only what happens to them.
    pub(super) fn short_clauses(&self, reports: &[(Report<'_>, Told<'_>)]) -> Vec<String> {
        if self.finding.objects().len() == 1 {
            return self.clauses(reports);
        }
        self.finding.changes().into_iter().map(|what| self.in_some(reports, what, what.to_owned())).collect()
    }

    /// What is said of a change, with the environments that it is in where those are not all.
    fn in_some(&self, reports: &[(Report<'_>, Told<'_>)], what: &str, said: String) -> String {
        match self.of.get(what).filter(|own| **own != self.reports) {
            Some(own) => format!("{}: {said}", names(reports, own)),
            None => said,
        }
    }

    /// The environments that it is in; none where there is one alone.
    pub(super) fn environments(&self, reports: &[(Report<'_>, Told<'_>)]) -> Option<String> {
        (reports.len() > 1).then(|| names(reports, &self.reports))
    }

    /// Whether it is in every environment that is compared.
    pub(super) fn is_everywhere(&self, reports: &[(Report<'_>, Told<'_>)]) -> bool {
        self.reports.len() == reports.len()
    }
}

/// What is said of several environments, each text once with the environments that it is of.
pub(super) fn alike<'r, T: Clone + Ord>(
    reports: &'r [(Report<'r>, Told<'r>)],
    say: impl Fn(&'r Report<'r>, &'r Told<'r>) -> Vec<T>,
) -> Vec<(Own, T)> {
    let (mut all, mut known) = (Vec::<(Own, T)>::new(), BTreeMap::<T, usize>::new());
    for (number, (report, told)) in reports.iter().enumerate() {
        for text in say(report, told) {
            match known.get(&text).and_then(|at| all.get_mut(*at)) {
                Some((own, _)) => _ = own.insert(number),
                None => {
                    known.insert(text.clone(), all.len());
                    all.push((Own::from([number]), text));
                }
            }
        }
    }
    all
}

/// The names of environments: `dev, prod`.
pub(super) fn names(reports: &[(Report<'_>, Told<'_>)], own: &Own) -> String {
    let named = own.iter().filter_map(|number| reports.get(*number)?.1.environment.as_deref());
    named.collect::<Vec<_>>().join(", ")
}
