//! The layers of a workspace: each file of `tests/layers` holds a sentence about them, a workspace in layers and, after
//! a line `// is`, one without: in the environment that it names both compile to the same bytes.
//! And however a workspace is split over files, it compiles to the same bytes.

#![allow(clippy::disallowed_methods, reason = "reads cases and examples from the disk")]
#![allow(clippy::unwrap_used, reason = "a case that cannot be read is a fault")]

use mesh::diagnostic::Diagnostics;
use mesh::diagnostic::render::{Format, Look, render};
use mesh::pipeline::{self, Request};
use mesh::source::{FileId, Files, ReadError, Span};
use mesh::syntax;
use proptest::prelude::{Strategy, any, proptest};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// A workspace in memory.
struct Memory(BTreeMap<String, String>);

impl Files for Memory {
    fn list(&self) -> Result<Vec<String>, ReadError> {
        Ok(self.0.keys().cloned().collect())
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        Ok(self.0[path].clone().into_bytes())
    }
}

/// Every environment with the files of its tree.
type Trees = BTreeMap<String, BTreeMap<String, String>>;

fn compile(files: BTreeMap<String, String>) -> Result<Trees, String> {
    let workspace = pipeline::read(&Memory(files), &Request::default());
    if workspace.found.any_error() {
        let look = Look { colour: false, width: 100 };
        return Err(render(Format::Human, &workspace.found, &workspace.sources, &look));
    }
    let tree = |mesh: &mesh::ir::Mesh| -> BTreeMap<String, String> {
        let tree = pipeline::tree(mesh).unwrap();
        tree.files.into_iter().map(|(path, bytes)| (path, String::from_utf8(bytes).unwrap())).collect()
    };
    Ok(workspace.environments.iter().map(|(name, mesh)| (name.clone(), tree(mesh.as_ref().unwrap()))).collect())
}

fn one_file(text: &str) -> BTreeMap<String, String> {
    BTreeMap::from([("mesh.kdl".to_owned(), text.to_owned())])
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

/// What differs between two trees, a line a file.
fn difference(one: &BTreeMap<String, String>, other: &BTreeMap<String, String>) -> String {
    let paths: std::collections::BTreeSet<&String> = one.keys().chain(other.keys()).collect();
    let differs = paths.into_iter().filter(|path| one.get(*path) != other.get(*path));
    let show = |text: Option<&String>| text.map_or("(no such file)\n", String::as_str).to_owned();
    differs.map(|path| format!("{path}\n{}-- and\n{}", show(one.get(path)), show(other.get(path)))).collect()
}

#[test]
fn layers_say_what_they_should() {
    let mut faults = String::new();
    for path in entries(&root().join("tests/layers")) {
        let text = fs::read_to_string(&path).unwrap();
        let (layered, plain) = text.split_once("// is\n").unwrap();
        let environment = layered.lines().find_map(|line| line.strip_prefix("// environment: ")).unwrap();
        let name = path.file_stem().unwrap().to_string_lossy();
        match (compile(one_file(layered)), compile(one_file(plain))) {
            (Ok(layered), Ok(plain)) => {
                let difference = difference(&layered[environment], &plain[environment]);
                if !difference.is_empty() {
                    faults.push_str(&format!("{name}: {difference}\n"));
                }
            }
            (layered, plain) => {
                let told = [layered.err(), plain.err()].into_iter().flatten().collect::<String>();
                faults.push_str(&format!("{name}:\n{told}\n"));
            }
        }
    }
    assert!(faults.is_empty(), "{faults}");
}

/// A word of a node's block, or a whole node: the least that may stand in a file of its own.
struct Piece {
    /// What is written before it and after it in a file of its own.
    frame: Option<(String, &'static str)>,
    text: String,
}

/// Takes a text apart: services, workloads and namespaces into the words of their blocks, all else by whole nodes.
fn pieces(text: &str) -> Vec<Piece> {
    let document = syntax::parse(FileId(0), text, &mut Diagnostics::default());
    let slice = |span: Span| &text[span.start as usize..span.end as usize];
    let mut pieces = Vec::new();
    for node in &document.nodes {
        match &node.block {
            Some(block) if matches!(node.name.value.as_ref(), "service" | "workload" | "namespace") => {
                let head = &text[node.span.start as usize..block.span.start as usize];
                let frame = || Some((format!("{head} {{\n"), "\n}\n"));
                pieces.push(Piece { frame: frame(), text: String::new() });
                pieces.extend(
                    block.nodes.iter().map(|child| Piece { frame: frame(), text: slice(child.span).to_owned() }),
                );
            }
            Some(_) | None => pieces.push(Piece { frame: None, text: slice(node.span).to_owned() }),
        }
    }
    pieces
}

/// Every example, and the layered workspace of every case.
fn workspaces() -> Vec<(String, BTreeMap<String, String>)> {
    let name = |path: &Path| path.file_name().unwrap().to_string_lossy().into_owned();
    let examples = entries(&root().join("examples")).into_iter().filter(|path| path.join("mesh.kdl").exists());
    let examples = examples.map(|folder| {
        let files = entries(&folder).into_iter().filter(|path| path.extension().is_some_and(|is| is == "kdl"));
        (name(&folder), files.map(|path| (name(&path), fs::read_to_string(&path).unwrap())).collect())
    });
    let cases = entries(&root().join("tests/layers")).into_iter().map(|path| {
        let text = fs::read_to_string(&path).unwrap();
        (name(&path), one_file(text.split_once("// is\n").unwrap().0))
    });
    examples.chain(cases).collect()
}

/// Where a piece goes: into which file, and where among the pieces of that file.
fn places() -> impl Strategy<Value = Vec<(u8, u16)>> {
    proptest::collection::vec((0_u8..6, any::<u16>()), 1..64)
}

proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { cases: 32, failure_persistence: None, ..Default::default() })]

    #[test]
    fn files_and_their_order_carry_no_meaning(places in places()) {
        for (name, whole) in workspaces() {
            let mut all: Vec<(u8, u16, Piece)> = Vec::new();
            for (at, piece) in whole.values().flat_map(|text| pieces(text)).enumerate() {
                let (file, order) = places[at % places.len()];
                all.push((file, order, piece));
            }
            all.sort_by_key(|(file, order, _)| (*file, *order));
            let mut split: BTreeMap<String, String> = BTreeMap::new();
            for (file, _, Piece { frame, text }) in all {
                let (before, after) = frame.unwrap_or_default();
                split.entry(format!("{file}.kdl")).or_default().push_str(&format!("{before}{text}{after}\n"));
            }
            let expected = compile(whole).unwrap();
            match compile(split.clone()) {
                Ok(found) => for (environment, tree) in &expected {
                    let difference = difference(tree, &found[environment]);
                    assert!(difference.is_empty(), "{name}: {difference}{split:#?}");
                },
                Err(told) => panic!("{name}: {told}"),
            }
        }
    }
}
