use super::unified::hunks;
use crate::diff::{Finding, Report};
use sha2::{Digest, Sha256};
use std::fmt::Write;

/// What proves that two comparisons found the same: `sha256:` and the hash of every changed object and every finding of
/// all environments. What the sides are called and where their intent stands is not part of it.
pub fn digest<'r>(reports: impl IntoIterator<Item = (&'r Report<'r>, Option<&'r str>)>) -> String {
    let mut hash = Sha256::new();
    let mut part = |text: &str| {
        hash.update(text.len().to_le_bytes());
        hash.update(text);
    };
    for (report, environment) in reports {
        let masks = &report.masks;
        part(environment.unwrap_or_default());
        for change in &report.changes {
            part(&change.id.to_string());
            part(&hunks(change, 0, masks));
        }
        let accepted = report.accepted.iter().map(|accepted| &accepted.finding);
        for finding in report.findings.iter().chain(accepted).flat_map(Finding::all) {
            part(finding.class.name);
            part(finding.risk.name());
            part(&finding.said());
        }
        for unknown in &report.unknown {
            part(&unknown.kind);
        }
    }
    hash.finalize().iter().fold("sha256:".to_owned(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
