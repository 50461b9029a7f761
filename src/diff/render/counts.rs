use crate::diff::{Operation, Report};
use crate::value::Risk;

/// The line that is always there, fixed in form, made to be searched for.
pub fn head(report: &Report<'_>) -> String {
    format!(
        "mesh diff: {} to add, {} to change, {} to delete; risk {} ({})",
        report.operations(Operation::Add),
        report.operations(Operation::Change),
        report.operations(Operation::Delete),
        report.risk().name(),
        risks(report, &[Risk::Critical, Risk::High, Risk::Medium, Risk::Low]),
    )
}

/// How many findings there are of each of these risks.
pub(super) fn risks(report: &Report<'_>, risks: &[Risk]) -> String {
    let counts = risks.iter().map(|risk| format!("{} {}", report.count(*risk), risk.name()));
    counts.collect::<Vec<_>>().join(", ")
}
