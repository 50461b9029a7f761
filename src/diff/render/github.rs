use super::Told;
use super::across::{Across, across};
use crate::diagnostic::render::github_command;
use crate::diff::Report;
use crate::value::Risk;

/// GitHub shows ten of each level of one step.
const MOST_OF_A_LEVEL: usize = 10;

/// The gravest findings as workflow commands, which GitHub shows beside the lines of a pull request.
pub fn github(reports: &[(Report<'_>, Told<'_>)]) -> String {
    let levels =
        [("error", vec![Risk::Critical, Risk::High]), ("warning", vec![Risk::Medium]), ("notice", vec![Risk::Low])];
    let (mut text, rows) = (String::new(), across(reports));
    for (level, risks) in levels {
        let own = rows.iter().filter(|row| risks.contains(&row.finding.risk));
        own.take(MOST_OF_A_LEVEL).for_each(|row| text.push_str(&command(level, row, reports)));
    }
    text
}

fn command(level: &str, row: &Across<'_>, reports: &[(Report<'_>, Told<'_>)]) -> String {
    let finding = &row.finding;
    let place = finding.shown().and_then(|span| Some((row.told.after?, span)));
    let mut lines = vec![format!("{}: {}", finding.of_objects(), row.clauses(reports).join("; "))];
    lines.extend(row.environments(reports).map(|names| format!("in: {names}")));
    lines.extend(finding.effects().into_iter().map(|effect| format!("effect: {effect}")));
    lines.extend(finding.safely().into_iter().map(|safe| format!("safe: {safe}")));
    let title = format!("mesh {} {}", finding.risk.name(), finding.class.name);
    github_command(level, place, &title, &lines)
}
