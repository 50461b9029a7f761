//! The rules of the house that are not about layers: sizes, names, words.

use super::rust::Rust;
use super::{Files, is_test};

/// The most lines of a Rust file.
const WALL: usize = 400;
/// Files that are tables: they may be longer.
const TABLES: &[&str] = &[];

/// Finds files that are too long.
pub fn sizes(files: &Files) -> Vec<String> {
    let long = files.rust("").filter(|(path, text)| text.lines().count() > WALL && !TABLES.contains(path));
    let stale = TABLES.iter().filter(|path| files.0.get(**path).is_none_or(|text| text.lines().count() <= WALL));
    let long = long.map(|(path, text)| format!("{path}: {} lines, at most {WALL}", text.lines().count()));
    long.chain(stale.map(|path| format!("{path}: is no long table"))).collect()
}

/// Names that say nothing.
const EMPTY_NAMES: &[&str] = &["utils", "util", "common", "helpers", "helper", "types", "core", "manager", "misc"];

/// Finds files and folders whose name says nothing.
pub fn names(files: &Files) -> Vec<String> {
    let is_empty = |path: &str| path.trim_end_matches(".rs").split('/').any(|part| EMPTY_NAMES.contains(&part));
    let ours = files.0.keys().filter(|path| ["src/", "tests/", "benches/"].iter().any(|top| path.starts_with(top)));
    ours.filter(|path| is_empty(path)).map(|path| format!("{path}: a name that says nothing")).collect()
}

/// Marks of what is not finished.
const UNFINISHED: &[&str] = &["TODO", "FIXME", "XXX", "dbg!", "todo!", "unimplemented!"];

/// Finds what is not finished, outside of strings.
pub fn unfinished(files: &Files) -> Vec<String> {
    let mut faults = Vec::new();
    let mut look = |path: &str, line: usize, text: &str| {
        for mark in UNFINISHED.iter().filter(|mark| text.contains(**mark)) {
            faults.push(format!("{path}:{line}: {mark}"));
        }
    };
    for (path, text) in files.rust("") {
        let rust = Rust::of(text);
        rust.code.lines().zip(1..).for_each(|(text, line)| look(path, line, text));
        rust.comments.iter().for_each(|(line, text)| look(path, *line, text));
    }
    for end in [".md", ".kdl", ".py", ".sh", ".go"] {
        for (path, text) in files.below("", end) {
            text.lines().zip(1..).for_each(|(text, line)| look(path, line, text));
        }
    }
    faults
}

/// Finds comments that are code.
pub fn dead_code(files: &Files) -> Vec<String> {
    let is_code = |comment: &str| {
        let Some(text) = comment.strip_prefix("// ") else { return false };
        let begins = ["let ", "fn ", "pub ", "use ", "impl ", "#[", "} else"].iter().any(|word| text.starts_with(word));
        let ends = [";", "{", "},", "})", ")?"].iter().any(|end| text.ends_with(end));
        (begins && text.contains(['(', '=', ';', '{'])) || ends
    };
    let mut faults = Vec::new();
    for (path, text) in files.rust("") {
        for (line, comment) in Rust::of(text).comments.iter().filter(|(_, comment)| is_code(comment)) {
            faults.push(format!("{path}:{line}: a comment that is code: {comment}"));
        }
    }
    faults
}

/// Words of products and formats that the mesh itself must not know.
const PRODUCTS: &[&str] = &[
    "istio",
    "envoy",
    "kdl",
    "yaml",
    "subset",
    "virtual_service",
    "virtualservice",
    "destination_rule",
    "destinationrule",
    "authorization_policy",
    "authorizationpolicy",
    "peer_authentication",
    "peerauthentication",
    "sidecar",
    "outlier",
    "traffic_policy",
    "trafficpolicy",
    "serde",
    "manifest",
];

/// Finds words of a product in the code of `ir`.
pub fn products(files: &Files) -> Vec<String> {
    let mut faults = Vec::new();
    for (path, text) in files.rust("src/ir/") {
        let rust = Rust::of(text);
        let strings = rust.strings.iter().map(|(at, text)| (rust.line(*at), text.as_str()));
        for (line, text) in rust.code.lines().enumerate().map(|(at, text)| (at + 1, text)).chain(strings) {
            let text = text.to_lowercase();
            let words = PRODUCTS.iter().filter(|word| text.contains(**word));
            faults.extend(words.map(|word| format!("{path}:{line}: ir knows no `{word}`")));
        }
    }
    faults
}

/// What may abort a run.
const ABORTS: &[&str] = &[".unwrap()", ".expect(", "panic!(", "unreachable!(", "assert!("];

/// Finds what may abort a run, outside of tests and of functions that say why it cannot.
pub fn aborts(files: &Files) -> Vec<String> {
    let mut faults = Vec::new();
    for (path, text) in files.rust("src/").filter(|(path, _)| !is_test(path)) {
        let rust = Rust::of(text);
        let code = &rust.code[..rust.tests_at()];
        for (line, text) in code.lines().enumerate() {
            let excused = code.lines().skip(line.saturating_sub(3)).take(3).any(|text| text.contains("allow(clippy::"));
            for abort in ABORTS.iter().filter(|abort| text.contains(**abort) && !excused) {
                faults.push(format!("{path}:{}: {abort}", line + 1));
            }
        }
    }
    faults
}

/// Words that messages do not use.
const UNKIND: &[&str] = &["invalid", "illegal", "failed to", "please"];

/// What gRPC itself calls one of its statuses.
const OF_GRPC: &str = "invalid-argument";

fn unkind(text: &str) -> impl Iterator<Item = &'static str> {
    let text = text.to_lowercase().replace(OF_GRPC, "");
    UNKIND.iter().copied().filter(move |word| text.contains(word))
}

/// Finds words that messages do not use, and titles that are no lower-case phrase without a period.
pub fn messages(files: &Files) -> Vec<String> {
    let mut faults = Vec::new();
    for (path, text) in files.rust("src/").filter(|(path, _)| !is_test(path)) {
        let rust = Rust::of(text);
        let tests_at = rust.tests_at();
        for (at, string) in rust.strings.iter().filter(|(at, _)| *at < tests_at) {
            faults.extend(unkind(string).map(|word| format!("{path}:{}: `{word}` in {string:?}", rust.line(*at))));
        }
    }
    for (path, text) in files.below("tests/errors/", ".stderr") {
        for title in text.lines().filter_map(title) {
            faults.extend(unkind(title).map(|word| format!("{path}: `{word}` in `{title}`")));
            if title.starts_with(char::is_uppercase) || title.ends_with('.') {
                faults.push(format!("{path}: no lower-case phrase without a period: `{title}`"));
            }
        }
    }
    faults
}

/// The title of a report's finding.
fn title(line: &str) -> Option<&str> {
    let rest = line.strip_prefix("error[").or_else(|| line.strip_prefix("warning["))?;
    rest.split_once("]: ").map(|(_, title)| title)
}

/// Finds folders and roots that do not say what they are.
pub fn headings(files: &Files) -> Vec<String> {
    let is_root =
        |path: &str| path.ends_with("/mod.rs") || ["src/lib.rs", "src/main.rs", "src/pipeline.rs"].contains(&path);
    let roots = files.rust("src/").filter(|(path, _)| is_root(path) && !is_test(path));
    let silent = roots.filter(|(_, text)| !text.starts_with("//!"));
    silent.map(|(path, _)| format!("{path}: does not open with what it is")).collect()
}

/// What may touch the world.
const EDGES: &[&str] = &["src/disk/", "src/git/", "src/cluster/", "src/cli/", "src/main.rs"];
const WORLD: &[&str] = &["std::fs", "std::env::", "std::process", "std::thread", "std::time", "std::io::stdin"];

/// Finds input and output outside of the edges.
pub fn world(files: &Files) -> Vec<String> {
    let is_core = |path: &str| !is_test(path) && !EDGES.iter().any(|edge| path.starts_with(edge));
    let mut faults = Vec::new();
    for (path, text) in files.rust("src/").filter(|(path, _)| is_core(path)) {
        let rust = Rust::of(text);
        for (line, text) in rust.code[..rust.tests_at()].lines().enumerate() {
            let touched = WORLD.iter().filter(|part| text.contains(**part));
            faults.extend(touched.map(|part| format!("{path}:{}: {part} in the core", line + 1)));
        }
    }
    faults
}

/// Finds rules that do not stand in the file of their code.
pub fn rules(files: &Files) -> Vec<String> {
    let mut faults = Vec::new();
    for (path, text) in files.rust("src/check/rules/").filter(|(path, _)| !path.ends_with("mod.rs")) {
        let stem = path.trim_start_matches("src/check/rules/").trim_end_matches(".rs").replace('_', "-");
        if !text.contains(&format!("\"{stem}\"")) {
            faults.push(format!("{path}: holds no `code!(\"{stem}\", ...)`"));
        }
    }
    faults
}

/// Folders whose files are named in prose.
const FOLDERS: &[&str] = &["src/", "tests/", "examples/", "book/", "benches/", "stdlib/"];

/// Finds names of files that are not there.
pub fn mentions(files: &Files) -> Vec<String> {
    let mut faults = Vec::new();
    let is_part = |character: char| character.is_ascii_alphanumeric() || "._-/".contains(character);
    for (path, text) in files.below("", ".md").filter(|(path, _)| !path.contains("/codes/")) {
        for (line, text) in text.lines().enumerate() {
            for folder in FOLDERS {
                for (at, _) in text.match_indices(folder) {
                    let rest = &text[at..];
                    let length = rest.find(|character| !is_part(character)).unwrap_or(rest.len());
                    let (named, after) = (rest[..length].trim_end_matches(['/', '.']), &rest[length..]);
                    let is_pattern = after.starts_with(['<', '*', '{']) || named.split('/').any(is_placeholder);
                    let is_inside = text[..at].ends_with(is_part);
                    if !is_pattern && !is_inside && !files.has(named) {
                        faults.push(format!("{path}:{}: there is no {named}", line + 1));
                    }
                }
            }
        }
    }
    faults
}

/// Whether a part of a path stands for others: `NAME`, `CODE.md`.
fn is_placeholder(part: &str) -> bool {
    let stem = part.split('.').next().unwrap_or(part);
    stem.len() > 2 && stem.chars().all(|character| character.is_ascii_uppercase() || character == '_')
}
