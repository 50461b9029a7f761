//! One line a fault, for editors, `grep` and people in a hurry.

use crate::diagnostic::{Diagnostic, Diagnostics, visible};
use crate::source::Sources;

/// Every fault as `file:line:column: error[code]: title`; without the place if it has none.
pub(super) fn render(found: &Diagnostics, sources: &Sources) -> String {
    found.sorted().into_iter().map(|diagnostic| line(diagnostic, sources)).collect()
}

fn line(diagnostic: &Diagnostic, sources: &Sources) -> String {
    let place = diagnostic.primary.as_ref().filter(|label| sources.get(label.span.file).is_some());
    let place = place.map(|label| format!("{}: ", sources.show(label.span))).unwrap_or_default();
    let (severity, code) = (diagnostic.severity.word(), diagnostic.code.name);
    format!("{}{severity}[{code}]: {}\n", visible(&place), visible(&diagnostic.title))
}
