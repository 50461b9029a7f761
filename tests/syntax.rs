//! The cases of `tests/syntax`: files of which each line says what is wrong with it.
//!
//! `// error: [code] title`, or without the title, at the end of a line is a fault in that line; on a line of its own
//! it is one in the next line, for lines that a comment would change. Nothing else may be found. Then all exact edits
//! are made: what is left are the faults without one.
#![allow(clippy::disallowed_methods, clippy::unwrap_used)] // a test reads the disk, and fails so

use mesh::diagnostic::{Diagnostic, Diagnostics};
use mesh::source::{FileId, Sources};
use mesh::syntax;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

/// Cases below this number would mean that the folder was not found.
const CASES: usize = 12;

#[test]
fn every_case_has_the_faults_that_it_names() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/syntax");
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let cases: Vec<_> = paths.iter().filter(|path| path.extension().is_some_and(|end| end == "kdl")).collect();
    assert!(cases.len() >= CASES);
    let mut wrong = String::new();
    for path in cases {
        let name = path.file_name().unwrap().to_str().unwrap();
        check(name, &fs::read_to_string(path).unwrap(), &mut wrong);
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

fn check(name: &str, text: &str, wrong: &mut String) {
    let mut found = Diagnostics::default();
    let document = syntax::parse(FileId::new(0), text, &mut found);
    assert_eq!(document.to_string(), text, "{name} prints back");
    let mut sources = Sources::default();
    sources.add(name, text);
    let line = |fault: &Diagnostic| {
        fault.primary.as_ref().map_or(0, |label| sources.location(FileId::new(0), label.span.start).line)
    };
    let told = |fault: &&Diagnostic| (line(fault) as usize, format!("[{}] {}", fault.code.name, fault.title));
    let expected = expected(text);
    let actual: Vec<(usize, String)> = found.sorted().iter().map(told).collect();
    for (line, fault) in expected.iter().filter(|fault| !actual.iter().any(|other| same(fault, other))) {
        let _ = writeln!(wrong, "{name}:{line}: expected {fault}");
    }
    for (line, fault) in actual.iter().filter(|fault| !expected.iter().any(|other| same(other, fault))) {
        let _ = writeln!(wrong, "{name}:{line}: found {fault}");
    }
    check_edits(name, text, &found, wrong);
}

/// Whether a fault is the expected one, of which only the code may be named.
fn same(expected: &(usize, String), actual: &(usize, String)) -> bool {
    let named = if expected.1.ends_with(']') { actual.1.split_inclusive(']').next() } else { Some(actual.1.as_str()) };
    expected.0 == actual.0 && named == Some(&expected.1)
}

/// The faults that the comments of a file name, with their lines.
fn expected(text: &str) -> Vec<(usize, String)> {
    let named = |(index, line): (usize, &str)| {
        let (before, fault) = line.split_once("// error: ")?;
        let next = usize::from(before.trim().is_empty());
        Some((index + 1 + next, fault.trim_end().to_owned()))
    };
    text.lines().enumerate().filter_map(named).collect()
}

/// Makes every exact edit, and reads again.
fn check_edits(name: &str, text: &str, found: &Diagnostics, wrong: &mut String) {
    let mut edits = Vec::new();
    let mut unmended = Vec::new();
    for fault in found.sorted() {
        match fault.helps.iter().find(|help| !help.edits.is_empty()) {
            Some(help) => edits.extend(
                help.edits.iter().map(|edit| (edit.span.start as usize, edit.span.end as usize, &edit.replacement)),
            ),
            None => unmended.push(fault.title.clone()),
        }
    }
    edits.sort();
    let mut mended = text.to_owned();
    for (start, end, replacement) in edits.into_iter().rev() {
        mended.replace_range(start..end, replacement);
    }
    let mut left = Diagnostics::default();
    syntax::parse(FileId::new(0), &mended, &mut left);
    let left: Vec<String> = left.sorted().iter().map(|fault| fault.title.clone()).collect();
    if left != unmended {
        let _ = writeln!(wrong, "{name}: after all edits, expected {unmended:?}, found {left:?} in\n{mended}");
    }
}
