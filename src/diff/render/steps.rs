use super::Told;
use super::across::{alike, names};
use crate::diagnostic::visible;
use crate::diff::Report;
use crate::diff::{PlanStep, plan};
use std::fmt::Write;

/// The steps of a change, numbered, each with why it is not done together with the next.
fn numbered(report: &Report<'_>) -> String {
    let mut text = String::new();
    for (number, PlanStep { what, why }) in (1..).zip(plan(report)) {
        let _ = writeln!(text, "step {number}  {}", visible(&what));
        if !why.is_empty() {
            let _ = writeln!(text, "        wait: {}", visible(&why));
        }
    }
    text
}

/// The steps of each environment; those of several together where they are the same.
pub fn steps(reports: &[(Report<'_>, Told<'_>)]) -> String {
    let all =
        alike(reports, |report, _| Some(numbered(report)).filter(|steps| !steps.is_empty()).into_iter().collect());
    let title = |own| if reports.len() > 1 { format!("{}:\n", visible(&names(reports, own))) } else { String::new() };
    let told: Vec<String> = all.iter().map(|(own, steps)| format!("{}{steps}", title(own))).collect();
    told.concat()
}
