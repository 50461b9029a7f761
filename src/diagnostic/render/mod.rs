//! Views of diagnostics: text for people, data for machines, one file a view.
//!
//! In: what was found, and the texts that its places point into. Out: a string. It never writes, asks nothing about the
//! terminal, and quotes nothing but [`Sources`]. Whatever a user's file holds, no view passes on a character that moves,
//! hides or reorders text: see [`is_hidden`](super::is_hidden).

mod excerpt;
mod github;
mod human;
mod json;
mod sarif;
mod short;

pub use github::github_command;
pub use sarif::{sarif_place, sarif_text};

use super::{Count, Diagnostics, Severity};
use crate::source::Sources;

/// A view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Snippets with labels, reasons, and fixes as diffs.
    Human,
    /// `file:line:column: error[code]: title`, a line each.
    Short,
    /// One JSON object; its fields are documented in `render/json.rs` and kept stable by its `version`.
    Json,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// Workflow commands that GitHub shows beside the lines of a pull request.
    Github,
}

/// How the view for people looks. Machines' views take no notice.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    /// Whether to colour by ANSI escape codes.
    pub colour: bool,
    /// Columns of the terminal.
    pub width: usize,
}

/// What was found, in the given view: each once, in the order of files and places. Text ends in a newline, and is empty
/// if nothing was found; data says that nothing was found.
pub fn render(format: Format, found: &Diagnostics, sources: &Sources, look: &Look) -> String {
    match format {
        Format::Human => human::render(found, sources, look),
        Format::Short => short::render(found, sources),
        Format::Json => json::render(found, sources),
        Format::Sarif => sarif::render(found, sources),
        Format::Github => github::render(found, sources),
    }
}

/// How much was found, on one line without an end: `1 error, 2 warnings`.
pub fn summary(found: &Diagnostics) -> String {
    let mut parts: Vec<String> = [Severity::Error, Severity::Warning]
        .into_iter()
        .filter(|&severity| found.count(severity) > 0)
        .map(|severity| Count(found.count(severity), severity.word()).to_string())
        .collect();
    if found.dropped() > 0 {
        parts.push(format!("and {} more not shown", found.dropped()));
    }
    if parts.is_empty() { "nothing found".to_owned() } else { parts.join(", ") }
}
