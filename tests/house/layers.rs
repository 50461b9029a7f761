//! Which folder may use which: nouns are languages, verbs are passes, and no verb knows another.

use super::rust::Rust;
use super::{Files, is_test};

/// Every folder and file of `src`, with what of the crate it may use. What lies deeper may use no more.
const TABLE: &[(&str, &[&str])] = &[
    // Nouns.
    ("source", &[]),
    ("cel", &[]),
    ("value", &["cel"]),
    ("diagnostic", &["source"]),
    ("syntax", &["source", "diagnostic"]),
    ("verbatim", &["source", "diagnostic"]),
    ("intent", &["source", "diagnostic", "value", "syntax", "verbatim"]),
    ("ir", &["source", "value", "verbatim"]),
    ("manifest", &["source", "value", "verbatim"]),
    ("model", &["source", "value", "ir"]),
    ("expression", &["diagnostic", "value", "cel", "model"]),
    ("access", &["source", "value"]),
    ("policy", &["source", "diagnostic", "value", "syntax"]),
    // Verbs. `lower` and `emit` cannot complain: they do not know what a diagnostic is.
    ("load", &["source", "diagnostic", "syntax"]),
    ("resolve", &["source", "diagnostic", "value", "verbatim", "intent", "ir"]),
    ("check", &["source", "diagnostic", "value", "cel", "verbatim", "ir", "model", "expression"]),
    ("expand", &["source", "diagnostic", "verbatim", "ir", "model"]),
    ("govern", &["source", "diagnostic", "value", "intent", "ir", "policy", "verbatim"]),
    ("lower", &["source", "value", "verbatim", "ir", "manifest"]),
    ("emit", &["source", "manifest"]),
    ("graph", &["source", "diagnostic", "value", "ir"]),
    ("query", &["source", "value", "ir", "access"]),
    ("diff", &["source", "diagnostic", "value", "verbatim", "manifest", "access"]),
    // The one that knows the order.
    (
        "pipeline",
        &[
            "source",
            "diagnostic",
            "value",
            "syntax",
            "verbatim",
            "intent",
            "ir",
            "manifest",
            "model",
            "policy",
            "govern",
            "load",
            "resolve",
            "expand",
            "check",
            "lower",
            "emit",
            "diff",
        ],
    ),
    ("argocd", &["source", "diagnostic", "value", "ir", "manifest", "pipeline"]),
    // Edges: `disk` writes trees, and knows how much of a file is read; `git` reads what was committed.
    ("disk", &["source", "emit", "syntax"]),
    ("git", &["source"]),
    ("cluster", &[]),
    (
        "cli",
        &[
            "source",
            "diagnostic",
            "value",
            "syntax",
            "intent",
            "ir",
            "manifest",
            "model",
            "load",
            "resolve",
            "check",
            "lower",
            "emit",
            "verbatim",
            "diff",
            "graph",
            "query",
            "pipeline",
            "argocd",
            "disk",
            "git",
            "cluster",
        ],
    ),
    ("main", &["cli"]),
    ("lib", &[]),
];

/// Finds every use of a folder by one that may not use it, and every folder that the table does not have.
pub fn check(files: &Files) -> Vec<String> {
    let mut faults = Vec::new();
    for (path, text) in files.rust("src/") {
        let module = module(path);
        let Some((_, allowed)) = TABLE.iter().find(|(name, _)| Some(*name) == module.first().copied()) else {
            faults.push(format!("{path}: the table of layers does not have `{}`", module.join("::")));
            continue;
        };
        let rust = Rust::of(text);
        let own = module.first().copied().unwrap_or_default();
        let code = if is_test(path) { "" } else { &rust.code[..rust.tests_at()] };
        for (at, used) in used(code, &module) {
            if used != own && !allowed.contains(&used) && TABLE.iter().any(|(name, _)| *name == used) {
                faults.push(format!("{path}:{}: {own} may not use {used}", rust.line(at)));
            }
        }
    }
    faults
}

/// The module of a file of `src`.
fn module(path: &str) -> Vec<&str> {
    let path = path.trim_start_matches("src/").trim_end_matches(".rs").trim_end_matches("/mod");
    path.split('/').collect()
}

/// The modules of the crate's root that code uses, with their places.
fn used<'c>(code: &'c str, module: &[&str]) -> Vec<(usize, &'c str)> {
    let from_root = ["crate::", "mesh::"].into_iter().flat_map(|root| code.match_indices(root));
    let from_root = from_root.filter(|(at, _)| !code[..*at].ends_with(|before: char| is_word(before) || before == ':'));
    let up = "super::".repeat(module.len());
    let upwards = code.match_indices(up.as_str()).filter(|(at, _)| !code[..*at].ends_with(':'));
    let all = from_root.chain(upwards);
    all.flat_map(|(at, root)| names(&code[at + root.len()..]).map(move |name| (at, name))).collect()
}

fn is_word(character: char) -> bool {
    character.is_ascii_alphanumeric() || character == '_'
}

/// The names with which a path begins: one, or those of `{a, b::{c, d}}`.
fn names(path: &str) -> impl Iterator<Item = &str> {
    let mut depth = 0_usize;
    let end = path.find(';').unwrap_or(path.len());
    let group = path.strip_prefix('{').map(|group| &group[..end.min(group.len())]);
    let outer = move |character: char| {
        match character {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        character == ',' && depth == 0
    };
    let parts: Vec<&str> = group.map_or_else(|| vec![path], |group| group.split(outer).collect());
    parts.into_iter().map(|part| {
        let part = part.trim_start();
        &part[..part.find(|character: char| !is_word(character)).unwrap_or(part.len())]
    })
}
