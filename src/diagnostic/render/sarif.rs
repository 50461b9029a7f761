//! The view for code scanning: SARIF 2.1.0 (<https://docs.oasis-open.org/sarif/sarif/v2.1.0/>), as far as it is needed.

use super::json;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Edit, Help, Label, Severity, visible};
use crate::source::{Location, Sources, Span};
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt::Write as _;

#[derive(Serialize)]
struct Log<'a> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<'a> {
    tool: Tool<'a>,
    column_kind: &'static str,
    results: Vec<Finding<'a>>,
}

#[derive(Serialize)]
struct Tool<'a> {
    driver: Driver<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver<'a> {
    name: &'static str,
    semantic_version: &'static str,
    rules: Vec<Rule<'a>>,
}

/// A kind of fault, with its page.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Rule<'a> {
    id: &'a str,
    short_description: Message,
    full_description: Message,
    help: Message,
    default_configuration: Configuration,
}

#[derive(Serialize)]
struct Configuration {
    level: &'static str,
}

#[derive(Serialize)]
struct Message {
    text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    markdown: Option<String>,
}

/// One fault.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Finding<'a> {
    rule_id: &'a str,
    rule_index: usize,
    level: &'static str,
    message: Message,
    locations: Vec<Place>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Place>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fixes: Vec<Fix<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Place {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<usize>,
    physical_location: PhysicalLocation,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Message>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation {
    artifact_location: Artifact,
    region: Region,
}

#[derive(Clone, Serialize)]
struct Artifact {
    uri: String,
}

/// Lines and columns from 1; the end column is one past the last UTF-16 code unit.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: u32,
    start_column: usize,
    end_line: u32,
    end_column: usize,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Fix<'a> {
    description: Message,
    artifact_changes: Vec<ArtifactChange<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ArtifactChange<'a> {
    artifact_location: Artifact,
    replacements: Vec<Replacement<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Replacement<'a> {
    deleted_region: Region,
    inserted_content: Content<'a>,
}

#[derive(Serialize)]
struct Content<'a> {
    text: &'a str,
}

/// What was found as one SARIF log with one run.
pub(super) fn render(found: &Diagnostics, sources: &Sources) -> String {
    let sorted = found.sorted();
    let codes: BTreeMap<&str, &Code> = sorted.iter().map(|found| (found.code.name, found.code)).collect();
    let index: BTreeMap<&str, usize> = codes.keys().copied().zip(0..).collect();
    let results = sorted.into_iter().map(|diagnostic| finding(diagnostic, &index, sources)).collect();
    let rules = codes.into_values().map(rule).collect();
    json::text(&Log {
        schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        version: "2.1.0",
        runs: [Run {
            tool: Tool { driver: Driver { name: "mesh", semantic_version: env!("CARGO_PKG_VERSION"), rules } },
            column_kind: "utf16CodeUnits",
            results,
        }],
    })
}

fn rule(code: &Code) -> Rule<'_> {
    let what = code.page.split("\n\n").nth(1).unwrap_or(code.summary);
    Rule {
        id: code.name,
        short_description: message(code.summary),
        full_description: message(what.trim()),
        // Takes no arguments and its links are ours, so that it goes as it is.
        help: Message { text: code.page.to_owned(), markdown: Some(code.page.to_owned()) },
        default_configuration: Configuration { level: code.severity.word() },
    }
}

fn finding<'a>(diagnostic: &'a Diagnostic, index: &BTreeMap<&str, usize>, sources: &Sources) -> Finding<'a> {
    let Diagnostic { code, severity, title, primary, related, notes, helps } = diagnostic;
    let level = match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    let mut lines = vec![title.clone()];
    lines.extend(notes.iter().map(|note| format!("why: {note}")));
    lines.extend(helps.iter().map(|help| format!("help: {}", help.text)));
    let lines: Vec<_> = lines.iter().map(|line| visible(line)).collect();
    Finding {
        rule_id: code.name,
        rule_index: index.get(code.name).copied().unwrap_or_default(),
        level,
        message: Message { text: literal(&lines.join("\n")), markdown: None },
        locations: primary.iter().filter_map(|label| place(label, None, sources)).collect(),
        related_locations: (0..).zip(related).filter_map(|(id, label)| place(label, Some(id), sources)).collect(),
        fixes: helps.iter().filter_map(|help| fix(help, sources)).collect(),
    }
}

fn place(label: &Label, id: Option<usize>, sources: &Sources) -> Option<Place> {
    let physical_location =
        PhysicalLocation { artifact_location: artifact(label.span, sources)?, region: region(label.span, sources) };
    Some(Place { id, physical_location, message: (!label.text.is_empty()).then(|| message(&label.text)) })
}

fn fix<'a>(help: &'a Help, sources: &Sources) -> Option<Fix<'a>> {
    let mut changes: BTreeMap<_, ArtifactChange<'a>> = BTreeMap::new();
    for Edit { span, replacement } in &help.edits {
        let artifact_location = artifact(*span, sources)?;
        let change = changes.entry(span.file).or_insert(ArtifactChange { artifact_location, replacements: Vec::new() });
        let inserted_content = Content { text: replacement };
        change.replacements.push(Replacement { deleted_region: region(*span, sources), inserted_content });
    }
    let artifact_changes: Vec<_> = changes.into_values().collect();
    (!artifact_changes.is_empty()).then(|| Fix { description: message(&help.text), artifact_changes })
}

fn region(span: Span, sources: &Sources) -> Region {
    let place = |offset: u32| {
        let Location { line, .. } = sources.location(span.file, offset);
        let text = sources.text(span.file);
        let before = text.get(..offset as usize).unwrap_or(text);
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        (line, before.get(line_start..).unwrap_or_default().encode_utf16().count() + 1)
    };
    let ((start_line, start_column), (end_line, end_column)) = (place(span.start), place(span.end));
    Region { start_line, start_column, end_line, end_column }
}

/// The file as a URI reference (RFC 3986): relative, but for absolute paths and what comes with the compiler.
fn artifact(span: Span, sources: &Sources) -> Option<Artifact> {
    let name = &sources.get(span.file)?.name;
    let (scheme, path) = match name.strip_prefix("std:") {
        Some(own) => ("std:", own),
        None if name.starts_with('/') => ("file://", name.as_str()),
        None => ("", name.as_str()),
    };
    let mut uri = scheme.to_owned();
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            // Writing to a string does not fail.
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    Some(Artifact { uri })
}

/// A location with its file and region, as SARIF writes it; none where the file is not of this run.
pub fn sarif_place(span: Span, sources: &Sources) -> Option<serde_json::Value> {
    let physical_location =
        PhysicalLocation { artifact_location: artifact(span, sources)?, region: region(span, sources) };
    serde_json::to_value(Place { id: None, physical_location, message: None }).ok()
}

/// Lines of text so that a viewer shows them as they are.
pub fn sarif_text(text: &str) -> String {
    let lines: Vec<_> = text.lines().map(visible).collect();
    literal(&lines.join("\n"))
}

/// Words on one line.
fn message(words: &str) -> Message {
    Message { text: literal(&visible(words)), markdown: None }
}

/// `text` so that a viewer shows it as it is: braces stand for arguments and are doubled (section 3.11.5), and brackets
/// before parentheses make a link (3.11.6), which a user's words must not.
fn literal(text: &str) -> String {
    text.replace('{', "{{").replace('}', "}}").replace("](", "] (")
}
