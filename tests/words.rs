//! No word is accepted and does nothing: for every word of the grammar table, in every place where it may stand, some
//! workspace under `tests/compile` or `examples` says it, and compiles to something else without it; so does each of its
//! properties. And each has its line on the reference page of the book.

#![allow(clippy::disallowed_methods, reason = "reads workspaces and the book from the disk")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a workspace that cannot be read is a fault"
)]

use mesh::diagnostic::Diagnostics;
use mesh::emit::Tree;
use mesh::intent::grammar::{self, Place, WORDS, Word};
use mesh::pipeline::{self, Request};
use mesh::source::{FileId, Files, ReadError, Span};
use mesh::syntax::{self, Node};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Words and properties that decide no byte of the output, each with the rule that they are there for.
const FOR_RULES: [(Place, &str, Option<&str>, &str); 28] = [
    // For those who compare meshes and apply them.
    (Place::Environment, "cluster", None, "guard-failed"),
    (Place::Environment, "risk", None, "guard-failed"),
    (Place::Top, "ignore", None, "ignore-nothing"),
    (Place::Top, "ignore", Some("owner"), "ignore-nothing"),
    (Place::Top, "accept", None, "ignore-nothing"),
    (Place::Top, "accept", Some("of"), "ignore-nothing"),
    // Of each kind these have one object; the name is held against its own.
    (Place::Mesh, "patch", Some("name"), "patch-nothing"),
    (Place::Namespace, "patch", Some("name"), "patch-nothing"),
    (Place::External, "patch", Some("name"), "patch-nothing"),
    // Rules of the house judge the mesh, and change nothing.
    (Place::Top, "guard", None, "guard-failed"),
    (Place::Top, "guard", Some("for"), "guard-failed"),
    (Place::Top, "guard", Some("severity"), "guard-failed"),
    (Place::Guard, "when", None, "guard-failed"),
    (Place::Guard, "require", None, "guard-failed"),
    (Place::Guard, "message", None, "guard-failed"),
    // The Service is its owner's; the name is held against the others.
    (Place::Service, "port", Some("name"), "same-port-name"),
    (Place::ListenHost, "namespace", None, "foreign-host"),
    // A fact of the pods, which are their owner's.
    (Place::Service, "data-plane", Some("revision"), "not-on-data-plane"),
    (Place::Workload, "data-plane", Some("revision"), "not-on-data-plane"),
    // Narrows who may say `calls`.
    (Place::External, "allow", None, "call-not-allowed"),
    (Place::Canary, "steps", None, "percent-not-a-step"),
    // Always refused, as what Istio cannot say.
    (Place::Mesh, "data-plane", Some("waypoint"), "not-on-data-plane"),
    (Place::Namespace, "data-plane", Some("waypoint"), "not-on-data-plane"),
    (Place::Profile, "data-plane", Some("waypoint"), "not-on-data-plane"),
    (Place::Service, "data-plane", Some("waypoint"), "not-on-data-plane"),
    (Place::Workload, "data-plane", Some("waypoint"), "not-on-data-plane"),
    (Place::Tls, "curve", None, "curve-not-expressible"),
    (Place::Not, "query", Some("regex"), "match-not-expressible"),
];

/// A workspace in memory.
#[derive(Clone)]
struct Case {
    name: String,
    files: BTreeMap<String, String>,
}

fn is_page(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|end| end == "kdl")
}

impl Files for Case {
    fn list(&self) -> Result<Vec<String>, ReadError> {
        Ok(self.files.keys().filter(|name| is_page(name)).cloned().collect())
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        match self.files.get(path) {
            Some(text) => Ok(text.as_bytes().to_vec()),
            None => Err(ReadError { path: path.to_owned(), reason: "does not exist".to_owned() }),
        }
    }
}

impl Case {
    /// The trees of all environments; none where it has an error.
    fn outcome(&self) -> Option<Vec<Tree>> {
        let read = pipeline::read(self, &Request::default());
        if read.found.any_error() {
            return None;
        }
        read.environments.iter().map(|(_, mesh)| Some(pipeline::tree(mesh.as_ref()?).unwrap())).collect()
    }

    /// The workspace in which what begins at `span` is commented out.
    fn without(&self, file: &str, span: Span) -> Case {
        let mut case = self.clone();
        case.files.get_mut(file).unwrap().insert_str(span.start as usize, "/-");
        case
    }
}

/// Where something is said.
struct Said<'c> {
    case: &'c Case,
    file: &'c str,
    span: Span,
}

/// What is said where: words with no property, and properties of words.
type Uses<'c> = BTreeMap<(Place, &'static str, Option<&'static str>), Vec<Said<'c>>>;

fn folders(name: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    let mut folders: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.retain(|path| path.join("mesh.kdl").is_file());
    folders.sort();
    folders
}

fn cases() -> Vec<Case> {
    let folders = folders("tests/compile").into_iter().chain(folders("examples"));
    let cases = folders.map(|folder| {
        let pages = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
        let pages = pages.filter(|path| path.is_file());
        let name = |path: &Path| path.file_name().unwrap().to_string_lossy().into_owned();
        let files = pages.map(|path| (name(&path), fs::read_to_string(&path).unwrap())).collect();
        Case { name: name(&folder), files }
    });
    cases.collect()
}

fn walk<'c>(nodes: &[Node<'_>], place: Place, here: (&'c Case, &'c str), uses: &mut Uses<'c>) {
    let (case, file) = here;
    for node in nodes {
        if matches!(place, Place::Versions | Place::Split) {
            let names = if place == Place::Versions { Place::Version } else { Place::Share };
            walk(node.children(), names, here, uses);
            continue;
        }
        let Some(word) = grammar::find(place, node.name.value.trim_start_matches('-')) else { continue };
        let said = |span| Said { case, file, span };
        uses.entry((place, word.name, None)).or_default().push(said(node.span));
        for entry in &node.entries {
            let property = |key: &&&str| entry.key.as_ref().is_some_and(|name| name.value == ***key);
            if let Some(key) = word.properties.iter().find(property) {
                uses.entry((place, word.name, Some(key))).or_default().push(said(entry.span));
            }
        }
        if let Some(block) = word.block {
            walk(node.children(), block, here, uses);
        }
    }
}

fn uses(cases: &[Case]) -> Uses<'_> {
    let mut uses = Uses::new();
    for case in cases {
        for (file, text) in case.files.iter().filter(|(name, _)| is_page(name)) {
            let document = syntax::parse(FileId::new(0), text, &mut Diagnostics::default());
            walk(&document.nodes, Place::Top, (case, file), &mut uses);
        }
    }
    uses
}

/// Every word in every place, and every property of each.
fn all() -> Vec<(Place, &'static Word, Option<&'static str>)> {
    let mut all = Vec::new();
    for word in WORDS.iter().copied().flatten() {
        for place in word.places {
            all.push((*place, word, None));
            let own = word.properties.iter().filter(|key| !["*", "reason", "until"].contains(*key));
            all.extend(own.map(|key| (*place, word, Some(*key))));
        }
    }
    all
}

fn is_for_a_rule(place: Place, word: &Word, property: Option<&str>) -> bool {
    FOR_RULES.iter().any(|(at, name, key, _)| *at == place && *name == word.name && *key == property)
}

#[test]
fn no_word_does_nothing() {
    let codes = pipeline::codes();
    for (_, _, _, rule) in FOR_RULES {
        assert!(codes.iter().any(|code| code.name == rule), "there is no {rule}");
    }
    let cases = cases();
    let outcomes: BTreeMap<&str, _> = cases.iter().map(|case| (case.name.as_str(), case.outcome())).collect();
    let uses = uses(&cases);
    let mut lacking = Vec::new();
    for (place, word, property) in all() {
        let said = uses.get(&(place, word.name, property)).map(Vec::as_slice).unwrap_or_default();
        let has_effect = |said: &Said<'_>| {
            let without = said.case.without(said.file, said.span);
            without.outcome() != outcomes[said.case.name.as_str()]
        };
        if !said.iter().any(has_effect) && !is_for_a_rule(place, word, property) {
            let property = property.map(|key| format!(" {key}=")).unwrap_or_default();
            let why = if said.is_empty() { "no case says it" } else { "no case changes without it" };
            lacking.push(format!("`{}{property}` in {}: {why}", word.name, place.words()));
        }
    }
    assert!(lacking.is_empty(), "{} words and properties:\n{}", lacking.len(), lacking.join("\n"));
}

#[test]
fn every_word_has_a_line_on_the_reference_page() {
    for word in WORDS.iter().copied().flatten() {
        assert!(word.meaning.ends_with('.'), "`{}` has no meaning", word.name);
        let is_bare = word.arguments.1 == 0 && word.properties.is_empty() && word.block.is_none();
        assert!(is_bare || !word.shape.is_empty(), "`{}` has no shape", word.name);
    }
}
