//! The view for programs: one JSON object.
//!
//! Its shape is the shape of the types here. `version` is raised when a field changes its meaning or goes; a new field
//! does not raise it. Text is exact: a hidden character arrives as it was written, but as an escape of JSON, so that the
//! object is harmless where it is printed.

use crate::diagnostic::{Diagnostic, Diagnostics, Edit, Help, Label, Severity, is_hidden};
use crate::source::{Location, Sources, Span};
use serde::Serialize;
use std::fmt::Write as _;

/// All that was found.
#[derive(Serialize)]
struct Report<'a> {
    /// The version of this shape: 1.
    version: u32,
    /// Each fault once, in the order of files and places.
    diagnostics: Vec<Fault<'a>>,
    /// How many of them are errors.
    errors: usize,
    /// How many of them are warnings.
    warnings: usize,
    /// How many more there were in files that had too many.
    dropped: usize,
}

/// One fault.
#[derive(Serialize)]
struct Fault<'a> {
    /// The kind, kebab-case, stable for ever: `mesh explain CODE` prints its page.
    code: &'a str,
    /// `error` or `warning`.
    severity: &'a str,
    /// The fault on one line.
    title: &'a str,
    /// Where it is and the fact there; these fields are absent if it is in no file.
    #[serde(flatten)]
    place: Option<Place<'a>>,
    /// Other places that matter.
    related: Vec<Place<'a>>,
    /// Why it matters.
    notes: &'a [String],
    /// What to do.
    helps: Vec<Action<'a>>,
}

/// A place and the fact there.
#[derive(Serialize)]
struct Place<'a> {
    #[serde(flatten)]
    range: Range<'a>,
    /// The fact; may be empty.
    label: &'a str,
}

/// A part of a file.
#[derive(Serialize)]
struct Range<'a> {
    /// The file's name, relative to where the program was started, or `std:NAME`.
    file: &'a str,
    /// The first character.
    start: Position,
    /// One past the last character.
    end: Position,
}

/// A place between two characters.
#[derive(Serialize)]
struct Position {
    /// Line, from 1.
    line: u32,
    /// Column in characters, from 1.
    column: u32,
    /// Bytes before it in the file.
    offset: u32,
}

/// One thing to do.
#[derive(Serialize)]
struct Action<'a> {
    /// It in words.
    text: &'a str,
    /// It as edits, all to be applied together; empty if it is not exact enough.
    edits: Vec<Change<'a>>,
}

/// Text to put in the place of a range.
#[derive(Serialize)]
struct Change<'a> {
    #[serde(flatten)]
    range: Range<'a>,
    /// The text; empty to delete.
    replacement: &'a str,
}

/// What was found as one JSON object on several lines.
pub(super) fn render(found: &Diagnostics, sources: &Sources) -> String {
    text(&Report {
        version: 1,
        errors: found.count(Severity::Error),
        warnings: found.count(Severity::Warning),
        dropped: found.dropped(),
        diagnostics: found.sorted().into_iter().map(|diagnostic| fault(diagnostic, sources)).collect(),
    })
}

/// `value` as JSON that hides nothing where it is printed: outside of strings JSON is ASCII, so each hidden character is
/// in a string, where an escape means the same.
pub(super) fn text(value: &impl Serialize) -> String {
    // Strings, numbers and lists of them always have a JSON form.
    let plain = serde_json::to_string_pretty(value).unwrap_or_default();
    let mut escaped = String::with_capacity(plain.len() + 1);
    for character in plain.chars() {
        if character == '\n' || !is_hidden(character) {
            escaped.push(character);
        } else {
            for unit in character.encode_utf16(&mut [0; 2]) {
                // Writing to a string does not fail.
                let _ = write!(escaped, "\\u{unit:04x}");
            }
        }
    }
    escaped.push('\n');
    escaped
}

fn fault<'a>(diagnostic: &'a Diagnostic, sources: &'a Sources) -> Fault<'a> {
    let Diagnostic { code, severity, title, primary, related, notes, helps } = diagnostic;
    Fault {
        code: code.name,
        severity: severity.word(),
        title,
        place: primary.as_ref().and_then(|label| place(label, sources)),
        related: related.iter().filter_map(|label| place(label, sources)).collect(),
        notes,
        helps: helps.iter().map(|help| action(help, sources)).collect(),
    }
}

fn place<'a>(label: &'a Label, sources: &'a Sources) -> Option<Place<'a>> {
    Some(Place { range: range(label.span, sources)?, label: &label.text })
}

fn range(span: Span, sources: &Sources) -> Option<Range<'_>> {
    let position = |offset: u32| {
        let Location { line, column } = sources.location(span.file, offset);
        Position { line, column, offset }
    };
    let file = &sources.get(span.file)?.name;
    Some(Range { file, start: position(span.start), end: position(span.end) })
}

fn action<'a>(help: &'a Help, sources: &'a Sources) -> Action<'a> {
    let change = |edit: &'a Edit| Some(Change { range: range(edit.span, sources)?, replacement: &edit.replacement });
    Action { text: &help.text, edits: help.edits.iter().filter_map(change).collect() }
}
