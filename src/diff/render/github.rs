use super::Told;
use crate::diagnostic::render::github_command;
use crate::diff::{Finding, Report};
use crate::value::Risk;

/// GitHub shows ten of each level of one step.
const MOST_OF_A_LEVEL: usize = 10;

/// The gravest findings as workflow commands, which GitHub shows beside the lines of a pull request.
pub fn github(report: &Report<'_>, told: &Told<'_>) -> String {
    let levels =
        [("error", vec![Risk::Critical, Risk::High]), ("warning", vec![Risk::Medium]), ("notice", vec![Risk::Low])];
    let mut text = String::new();
    for (level, risks) in levels {
        let own = report.findings.iter().filter(|finding| risks.contains(&finding.risk));
        own.take(MOST_OF_A_LEVEL).for_each(|finding| text.push_str(&command(level, finding, told)));
    }
    text
}

fn command(level: &str, finding: &Finding, told: &Told<'_>) -> String {
    let place = finding.shown().and_then(|span| Some((told.after?, span)));
    let mut lines = vec![format!("{}: {}", finding.of_objects(), finding.clauses().join("; "))];
    lines.extend(finding.effects().into_iter().map(|effect| format!("effect: {effect}")));
    lines.extend(finding.safely().into_iter().map(|safe| format!("safe: {safe}")));
    let title = format!("mesh {} {}", finding.risk.name(), finding.class.name);
    github_command(level, place, &title, &lines)
}
