//! Workflow commands, which GitHub shows beside the lines of a pull request.
//!
//! The form: <https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands>. The escapes are those
//! that the runner undoes (`actions/toolkit`, `packages/core/src/command.ts`): `%`, CR and LF in messages, `:` and `,` in
//! properties as well.

use crate::diagnostic::{Diagnostic, Diagnostics, visible};
use crate::source::{Location, Sources, Span};

/// Every fault as one command on one line.
pub(super) fn render(found: &Diagnostics, sources: &Sources) -> String {
    found.sorted().into_iter().map(|diagnostic| command(diagnostic, sources)).collect()
}

fn command(diagnostic: &Diagnostic, sources: &Sources) -> String {
    let place = diagnostic.primary.as_ref().map(|label| properties(label.span, sources)).unwrap_or_default();
    let (severity, code) = (diagnostic.severity.word(), diagnostic.code.name);
    format!("::{severity} {place}title=mesh {code}::{}\n", message(diagnostic, sources))
}

/// A command on one line: a level, a place if there is one, a title, and lines.
pub fn github_command(level: &str, place: Option<(&Sources, Span)>, title: &str, lines: &[String]) -> String {
    let place = place.map(|(sources, span)| properties(span, sources)).unwrap_or_default();
    let lines: Vec<_> = lines.iter().map(|line| visible(line)).collect();
    format!("::{level} {place}title={}::{}\n", property(&visible(title)), data(&lines.join("\n")))
}

/// Where a place is, in properties with a comma after each; nothing if it is not in a file of this run.
fn properties(span: Span, sources: &Sources) -> String {
    let Some(file) = sources.get(span.file) else { return String::new() };
    let Location { line, column } = sources.location(span.file, span.start);
    let Location { line: end_line, column: end_column } = sources.location(span.file, span.end);
    let file = property(&visible(&file.name));
    // The runner drops columns that are not on one line.
    let columns = if line == end_line { format!("col={column},endColumn={end_column},") } else { String::new() };
    format!("file={file},line={line},endLine={end_line},{columns}")
}

/// The whole fault in words, a line each: title, fact, other places, reasons, actions.
fn message(diagnostic: &Diagnostic, sources: &Sources) -> String {
    let mut lines = vec![visible(&diagnostic.title).into_owned()];
    let fact = diagnostic.primary.iter().filter(|label| !label.text.is_empty());
    lines.extend(fact.map(|label| visible(&label.text).into_owned()));
    let related = diagnostic.related.iter().filter(|label| sources.get(label.span.file).is_some());
    lines.extend(related.map(|label| visible(&format!("{}: {}", sources.show(label.span), label.text)).into_owned()));
    lines.extend(diagnostic.notes.iter().map(|note| format!("why: {}", visible(note))));
    lines.extend(diagnostic.helps.iter().map(|help| format!("help: {}", visible(&help.text))));
    data(&lines.join("\n"))
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
