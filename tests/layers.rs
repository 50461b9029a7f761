//! The layers of a workspace: each file of `tests/layers` holds a sentence about them, a workspace in layers and, after
//! a line `// is`, one without: in the environment that it names both compile to the same bytes.
//! And however a workspace is split over files, it compiles to the same bytes.

#![allow(clippy::disallowed_methods, reason = "reads cases and examples from the disk")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a case that cannot be read is a fault"
)]

mod workspace;

use mesh::diagnostic::Diagnostics;
use mesh::ir::Mesh;
use mesh::source::{FileId, Span};
use mesh::{pipeline, syntax};
use proptest::prelude::{ProptestConfig, Strategy, any, proptest};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use workspace::{InMemory, report};

/// Files by their paths.
type Tree = BTreeMap<String, String>;

/// Compiles a workspace that stands in one text; every environment with its tree, or the report.
fn compile(text: &str) -> Result<BTreeMap<String, Tree>, String> {
    let workspace = InMemory::split(text).read().unwrap();
    if workspace.found.any_error() {
        return Err(report(&workspace));
    }
    let environments = workspace.environments.iter();
    Ok(environments.map(|(name, mesh)| (name.clone(), tree(mesh.as_ref().unwrap()))).collect())
}

fn tree(mesh: &Mesh) -> Tree {
    let files = pipeline::tree(mesh).unwrap().files.into_iter();
    files.map(|(path, bytes)| (path, String::from_utf8(bytes).unwrap())).collect()
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

fn name(path: &Path) -> String {
    path.file_name().unwrap().to_string_lossy().into_owned()
}

/// Every file that differs between two trees, in both.
fn differences(one: &Tree, other: &Tree) -> Vec<String> {
    let paths: BTreeSet<&String> = one.keys().chain(other.keys()).collect();
    let differs = paths.into_iter().filter(|path| one.get(*path) != other.get(*path));
    let show = |text: Option<&String>| text.map_or("(no such file)\n", String::as_str).to_owned();
    differs.map(|path| format!("{path}\n{}-- and\n{}", show(one.get(path)), show(other.get(path)))).collect()
}

#[test]
fn layers_say_what_they_should() {
    let mut faults = Vec::new();
    for path in entries(&root().join("tests/layers")) {
        let text = fs::read_to_string(&path).unwrap();
        let (layered, plain) = text.split_once("// is\n").unwrap();
        let environment = layered.lines().find_map(|line| line.strip_prefix("// environment: ")).unwrap();
        let found = match (compile(layered), compile(plain)) {
            (Ok(layered), Ok(plain)) => differences(&layered[environment], &plain[environment]),
            (layered, plain) => [layered.err(), plain.err()].into_iter().flatten().collect(),
        };
        faults.extend(found.into_iter().map(|fault| format!("{}: {fault}", name(&path))));
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// A word of a node's block, or a whole node: the least that may stand in a file of its own.
struct Piece {
    /// What is written before it and after it in a file of its own.
    frame: Option<(String, &'static str)>,
    text: String,
}

/// Takes a text apart: services, workloads and namespaces into the words of their blocks, all else by whole nodes.
fn pieces(text: &str) -> Vec<Piece> {
    let document = syntax::parse(FileId::new(0), text, &mut Diagnostics::default());
    let slice = |span: Span| &text[span.start as usize..span.end as usize];
    let mut pieces = Vec::new();
    for node in &document.nodes {
        match &node.block {
            Some(block) if matches!(node.name.value.as_ref(), "service" | "workload" | "namespace") => {
                let head = &text[node.span.start as usize..block.span.start as usize];
                let frame = || Some((format!("{head} {{\n"), "\n}\n"));
                pieces.push(Piece { frame: frame(), text: String::new() });
                let children = block.nodes.iter().map(|child| slice(child.span).to_owned());
                pieces.extend(children.map(|text| Piece { frame: frame(), text }));
            }
            Some(_) | None => pieces.push(Piece { frame: None, text: slice(node.span).to_owned() }),
        }
    }
    pieces
}

/// The same workspace, with each piece where `places` has it: in which file, and where among its pieces.
fn scattered(text: &str, places: &[(u8, u16)]) -> String {
    let mut all: Vec<(u8, u16, Piece)> = Vec::new();
    for (piece, (file, order)) in pieces(text).into_iter().zip(places.iter().cycle()) {
        all.push((*file, *order, piece));
    }
    all.sort_by_key(|(file, order, _)| (*file, *order));
    let lines = all.into_iter().map(|(file, _, Piece { frame, text })| {
        let (before, after) = frame.unwrap_or_default();
        format!("// file: {file}.kdl\n{before}{text}{after}\n")
    });
    lines.collect::<Vec<_>>().concat()
}

/// Every example, and the layered workspace of every case, as one text.
fn workspaces() -> Vec<(String, String)> {
    let examples = entries(&root().join("examples")).into_iter().filter(|path| path.join("mesh.kdl").exists());
    let examples = examples.map(|folder| {
        let files = entries(&folder).into_iter().filter(|path| path.extension().is_some_and(|is| is == "kdl"));
        (name(&folder), files.map(|path| fs::read_to_string(&path).unwrap()).collect::<Vec<_>>().concat())
    });
    let cases = entries(&root().join("tests/layers")).into_iter().map(|path| {
        let text = fs::read_to_string(&path).unwrap();
        (name(&path), text.split_once("// is\n").unwrap().0.to_owned())
    });
    examples.chain(cases).collect()
}

fn places() -> impl Strategy<Value = Vec<(u8, u16)>> {
    proptest::collection::vec((0_u8..6, any::<u16>()), 1..64)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..Default::default() })]

    #[test]
    fn files_and_their_order_carry_no_meaning(places in places()) {
        for (name, whole) in workspaces() {
            let split = scattered(&whole, &places);
            let expected = compile(&whole).unwrap();
            let found = compile(&split).unwrap_or_else(|report| panic!("{name}: {report}"));
            for (environment, tree) in &expected {
                let differences = differences(tree, &found[environment]);
                assert!(differences.is_empty(), "{name}: {}\n{split}", differences.concat());
            }
        }
    }
}

#[test]
fn scattering_scatters() {
    let text = "namespace a\nservice b namespace=a {\n    port 80 http\n    timeout \"1s\"\n}\n";
    let files: Vec<String> =
        InMemory::split(&scattered(text, &[(1, 0), (2, 0)])).iter().map(|(_, text)| text.to_owned()).collect();
    assert_eq!(files.len(), 2);
    assert!(files[0].contains("namespace a\n") && files[0].contains("port 80") && !files[0].contains("timeout"));
    assert!(files[1].contains("service b") && files[1].contains("timeout"));
}
