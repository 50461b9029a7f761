use crate::diagnostic::visible;
use crate::diff::Report;
use crate::diff::{PlanStep, plan};
use std::fmt::Write;

/// The steps of a change, numbered, each with why it is not done together with the next.
pub fn steps(report: &Report<'_>) -> String {
    let mut text = String::new();
    for (number, PlanStep { what, why }) in (1..).zip(plan(report)) {
        let _ = writeln!(text, "step {number}  {}", visible(&what));
        if !why.is_empty() {
            let _ = writeln!(text, "        wait: {}", visible(&why));
        }
    }
    text
}
