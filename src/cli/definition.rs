//! What stands in the pages themselves: words that are no value of the mesh, and nodes that have none.

use super::becomes::Lines;
use super::explain::rest;
use super::fact::fields;
use crate::diagnostic::Diagnostics;
use crate::source::{Sources, Span};
use crate::syntax::{self, Document, Node};
use serde_json::{Value, json};
use std::fmt::Write as _;

/// The nodes that may be asked for by their name.
const KINDS: &[&str] = &[
    "mesh",
    "namespace",
    "service",
    "workload",
    "gateway",
    "external",
    "issuer",
    "group",
    "guard",
    "profile",
    "template",
    "environment",
    "platform",
];

/// A node of a page, or one of its words, as it is written.
pub(super) struct Definition {
    /// The node at the top.
    pub(super) kind: &'static str,
    /// Its name, as one asks for it.
    pub(super) name: String,
    /// The whole path that was asked for.
    pub(super) path: String,
    /// What is written.
    pub(super) text: String,
    /// Where.
    pub(super) place: String,
    span: Span,
}

/// What the pages say under this path; `mesh` is the mesh's own name too.
pub(super) fn definitions(sources: &Sources, subject: &str) -> Vec<Definition> {
    let mut found = Vec::new();
    for (file, source) in sources.iter() {
        if !is_page(&source.name) {
            continue;
        }
        let document = syntax::parse(file, sources.text(file), &mut Diagnostics::default());
        for node in &document.nodes {
            of_node(sources, &document, node, subject, &mut found);
        }
    }
    found
}

/// The names of every node that may be asked for.
pub(super) fn names(sources: &Sources) -> Vec<String> {
    let mut names = Vec::new();
    for (file, source) in sources.iter().filter(|(_, source)| is_page(&source.name)) {
        let document = syntax::parse(file, sources.text(file), &mut Diagnostics::default());
        let known = document.nodes.iter().filter(|node| KINDS.contains(&&*node.name.value));
        names.extend(known.filter_map(|node| name(node, &source.name)));
    }
    names
}

fn is_page(name: &str) -> bool {
    std::path::Path::new(name).extension().is_some_and(|end| end == "kdl")
}

/// How a node is called; of the standard library with `std:` before it.
fn name(node: &Node<'_>, file: &str) -> Option<String> {
    let library = if file.starts_with("std:") { "std:" } else { "" };
    match first(node) {
        Some(name) => Some(format!("{library}{name}")),
        None => (&*node.name.value == "platform").then(|| "platform".to_owned()),
    }
}

/// The text of a node's first argument.
fn first<'n>(node: &'n Node<'_>) -> Option<&'n str> {
    text(&node.arguments().next()?.value)
}

fn text<'v>(value: &'v syntax::Value<'_>) -> Option<&'v str> {
    match value {
        syntax::Value::String(text) => Some(text),
        syntax::Value::Integer(_) | syntax::Value::Decimal(_) | syntax::Value::Boolean(_) | syntax::Value::Null => None,
    }
}

fn of_node(sources: &Sources, document: &Document<'_>, node: &Node<'_>, subject: &str, found: &mut Vec<Definition>) {
    let Some(kind) = KINDS.iter().find(|kind| **kind == &*node.name.value) else { return };
    let Some(name) = name(node, sources.name(document.file)) else { return };
    let namespace = node.property("namespace").and_then(|entry| text(&entry.value));
    let full = namespace.map(|namespace| format!("{name}.{namespace}"));
    let alias = if *kind == "mesh" { rest(subject, kind) } else { None };
    let words = full.and_then(|full| rest(subject, &full)).or(rest(subject, &name)).or(alias);
    let Some(words) = words else { return };
    let mut meant = vec![node];
    for word in words.split('.').filter(|word| !word.is_empty()) {
        meant = meant.into_iter().flat_map(|node| below(node, word)).collect();
    }
    found.extend(meant.into_iter().map(|node| Definition {
        kind,
        name: name.clone(),
        path: subject.to_owned(),
        text: document.slice(node.span).to_owned(),
        place: sources.show(node.span),
        span: node.span,
    }));
}

/// What a word means behind a node: its own first argument, or words in it.
fn below<'n>(node: &'n Node<'n>, word: &str) -> Vec<&'n Node<'n>> {
    if first(node) == Some(word) { vec![node] } else { children(node, word) }
}

/// The words of a node, those of its overlays too.
fn children<'n>(node: &'n Node<'n>, word: &str) -> Vec<&'n Node<'n>> {
    let mut found = Vec::new();
    for child in node.children() {
        match &*child.name.value {
            "in" => found.extend(children(child, word)),
            name if name == word => found.push(child),
            _ => {}
        }
    }
    found
}

impl Definition {
    /// As people see it: where it stands, what is written, and what that becomes.
    pub(super) fn shown(&self, lines: &[&Lines]) -> String {
        let name = if self.name == self.kind { String::new() } else { format!(" {}", self.name) };
        let mut text = format!("{}{name}   {}\n", self.kind, self.place);
        self.text.lines().for_each(|line| _ = writeln!(text, "  {line}"));
        for (at, (object, field)) in self.becomes(lines).iter().enumerate() {
            let line = format!("{}  {object}  {field}", if at == 0 { "becomes" } else { "       " });
            _ = writeln!(text, "{}", line.trim_end());
        }
        text
    }

    /// As `mesh explain --format json` tells values.
    pub(super) fn data(&self, environment: &str, lines: &Lines) -> Value {
        json!({
            "path": self.path,
            "value": self.text,
            "chain": [{"layer": self.kind, "value": self.text, "place": self.place}],
            "becomes": fields(&self.becomes(&[lines])),
            "environment": environment,
            "kind": self.kind,
            "namespace": null,
        })
    }

    /// The fields that come from inside of it, of all these meshes.
    fn becomes(&self, lines: &[&Lines]) -> Vec<(String, String)> {
        let mut fields = Vec::new();
        for field in lines.iter().flat_map(|lines| lines.inside(self.span)) {
            if !fields.contains(&field) {
                fields.push(field);
            }
        }
        fields
    }
}
