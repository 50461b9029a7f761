//! The way back is whole: every line of every file that the examples and cases compile to is answered for, by a word that
//! says it, by words that say what is inside of it, or by the rule that derives it; and never by who made the object alone.

#![allow(clippy::disallowed_methods, reason = "reads workspaces from the disk")]
#![allow(clippy::unwrap_used, reason = "a workspace that cannot be read is a fault")]

use mesh::disk::Workspace;
use mesh::emit::{ToldLine, said};
use mesh::ir::Mesh;
use mesh::lower;
use mesh::pipeline::{self, Request};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

fn folders(name: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    let mut folders: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.retain(|path| path.join("mesh.kdl").is_file());
    folders.sort();
    folders
}

/// A field without its places in lists.
fn shape(field: &str) -> String {
    let parts = field
        .split('[')
        .enumerate()
        .map(|(at, part)| if at == 0 { part } else { part.split_once(']').map_or(part, |it| it.1) });
    parts.collect()
}

/// The kind and the field of a line that nothing answers for.
fn unanswered(lines: &[ToldLine], at: usize) -> Option<(&'static str, String)> {
    let line = lines.get(at)?;
    let part = line.part.as_ref()?;
    let is_answered = said(lines, at).is_some() || lower::derived((part.kind, &part.owner), &line.field).is_some();
    (!is_answered).then(|| (part.kind, shape(&line.field)))
}

fn check(mesh: &Mesh, found: &mut BTreeMap<(&'static str, String), String>) {
    let files = pipeline::told(mesh, &|_| true).unwrap();
    let tree = pipeline::tree(mesh).unwrap();
    assert!(files.keys().eq(tree.files.keys()), "other files");
    for (path, lines) in &files {
        let text: Vec<&str> = lines.iter().map(|line| line.written.as_str()).collect();
        let written = std::str::from_utf8(tree.files.get(path).unwrap()).unwrap();
        assert_eq!(text.join("\n") + "\n", written, "{path}");
        for at in 0..lines.len() {
            if let Some(field) = unanswered(lines, at) {
                found.entry(field).or_insert_with(|| format!("{path}:{}", at + 1));
            }
        }
    }
}

#[test]
fn every_line_is_answered_for() {
    let mut found = BTreeMap::new();
    for folder in folders("tests/compile").into_iter().chain(folders("examples")) {
        let read = pipeline::read(&Workspace::open(&folder, None).unwrap(), &Request::default());
        for (_, mesh) in &read.environments {
            let mut own = BTreeMap::new();
            check(mesh.as_ref().unwrap(), &mut own);
            for (field, at) in own {
                found.entry(field).or_insert_with(|| format!("{}: {at}", folder.display()));
            }
        }
    }
    let mut text = String::new();
    for ((kind, field), at) in &found {
        writeln!(text, "{kind} {field}  {at}").unwrap();
    }
    assert!(text.is_empty(), "no answer for\n{text}");
}
