//! Every diagnostic is shown: by a page of the book, whose bad KDL gives it and whose good KDL gives nothing, and by
//! cases, `tests/errors/CODE/CASE.kdl`.
//!
//! A case is a whole workspace; a line `// file: NAME.kdl` begins another file than `mesh.kdl`. Every finding is named
//! at the end of the line where it is: `// error: [code]`, `// warning: [code]`. Where no comment fits, another line of
//! the file names it, `// error at 3: [code]`, and one that is in no file is `// error at no line: [code]`. Beside it
//! lies the report, `CASE.stderr`, which `BLESS=1` writes. Every fix that is offered is applied.
//!
//! `CODE=bad-host` runs the cases and the page of one diagnostic.

#![allow(clippy::disallowed_methods, reason = "reads cases and pages from the disk and looks at `BLESS` and `CODE`")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a case that cannot be read is a fault"
)]

mod workspace;

use mesh::diagnostic::Severity;
use mesh::pipeline::{self, Workspace};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use workspace::{InMemory, broken_fixes, codes, report};

/// A comment that makes up for blocks that a page does not have.
const NOT_SHOWN: &str = "<!-- not shown: ";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The entries of a folder whose names end so, sorted.
fn entries(folder: &Path, end: &str) -> Vec<PathBuf> {
    let listed = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<PathBuf> = listed.map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.to_string_lossy().ends_with(end));
    paths.sort();
    paths
}

fn stem(path: &Path) -> String {
    path.file_stem().unwrap().to_string_lossy().into_owned()
}

/// The folders of cases: one for each code.
fn folders() -> Vec<PathBuf> {
    entries(&root().join("tests/errors"), "")
}

fn pages() -> Vec<PathBuf> {
    entries(&root().join("book/src/codes"), ".md")
}

fn is_wanted(path: &Path) -> bool {
    std::env::var("CODE").map_or(true, |code| code == stem(path))
}

/// Fails with every fault, if there is one.
fn conclude(faults: &[String]) {
    let line = "-".repeat(100);
    assert!(faults.is_empty(), "{} faults\n\n{}", faults.len(), faults.join(&format!("\n{line}\n")));
}

#[test]
fn cases_find_what_they_name() {
    let mut faults = Vec::new();
    for folder in folders().iter().filter(|folder| is_wanted(folder)) {
        for case in entries(folder, ".kdl") {
            let text = fs::read_to_string(&case).unwrap();
            let name = case.strip_prefix(root()).unwrap().display();
            let found = check_case(&case, &text).into_iter();
            faults.extend(found.map(|fault| format!("{name}: {fault}")));
            if !text.contains(&format!(": [{}]", stem(folder))) {
                faults.push(format!("{name}: does not show `{}`", stem(folder)));
            }
        }
    }
    conclude(&faults);
}

fn check_case(path: &Path, text: &str) -> Vec<String> {
    let files = InMemory::split(text);
    let workspace = match files.read() {
        Ok(workspace) => workspace,
        Err(panic) => return vec![format!("panics: {panic}")],
    };
    let mut faults = Vec::new();
    let (named, found) = (named(&files), found(&workspace));
    if named != found {
        faults.push(format!("\nnamed\n{}\nfound\n{}\n{}", named.join("\n"), found.join("\n"), report(&workspace)));
    }
    faults.extend(check_report(&path.with_extension("stderr"), &report(&workspace)));
    faults.extend(broken_fixes(&files, &workspace));
    faults
}

fn check_report(path: &Path, report: &str) -> Option<String> {
    if std::env::var("BLESS").is_ok_and(|value| value == "1") {
        fs::write(path, report).unwrap();
        return None;
    }
    let expected = fs::read_to_string(path).unwrap_or_default();
    (expected != report)
        .then(|| format!("the report changed (BLESS=1 writes it)\nexpected\n{expected}\nfound\n{report}"))
}

/// What the comments of a case name, as `FILE:LINE WEIGHT CODE`, sorted.
fn named(files: &InMemory) -> Vec<String> {
    let mut named = Vec::new();
    for (name, text) in files.iter() {
        for (line, number) in text.lines().zip(1..) {
            for severity in [Severity::Error, Severity::Warning] {
                for comment in line.split(&format!("// {}", severity.word())).skip(1) {
                    named.extend(place(comment, name, number).map(|(place, code)| expectation(&place, severity, code)));
                }
            }
        }
    }
    named.sort();
    named
}

/// The place and the code of `: [code]`, `at 3: [code]` or `at no line: [code]`.
fn place<'c>(comment: &'c str, name: &str, here: usize) -> Option<(String, &'c str)> {
    let (at, rest) = comment.split_once(": [")?;
    let (code, _) = rest.split_once(']')?;
    match at.strip_prefix(" at ") {
        None if at.is_empty() => Some((format!("{name}:{here}"), code)),
        None => None,
        Some("no line") => Some(("no line".to_owned(), code)),
        Some(line) => Some((format!("{name}:{line}"), code)),
    }
}

/// What a run found, in the same form.
fn found(workspace: &Workspace) -> Vec<String> {
    let sorted = workspace.found.sorted();
    let all = sorted.iter().map(|found| {
        let place = found.primary.as_ref().map(|label| {
            let line = workspace.sources.location(label.span.file, label.span.start).line;
            format!("{}:{line}", workspace.sources.name(label.span.file))
        });
        expectation(&place.unwrap_or("no line".to_owned()), found.severity, found.code.name)
    });
    let mut all: Vec<String> = all.collect();
    all.sort();
    all
}

fn expectation(place: &str, severity: Severity, code: &str) -> String {
    format!("  {place} {} {code}", severity.word())
}

#[test]
fn pages_show_what_they_say() {
    let mut faults = Vec::new();
    for page in pages().iter().filter(|page| is_wanted(page)) {
        let (code, text) = (stem(page), fs::read_to_string(page).unwrap());
        let found = check_page(&code, &text).into_iter();
        faults.extend(found.map(|fault| format!("book/src/codes/{code}.md: {fault}")));
    }
    conclude(&faults);
}

fn check_page(code: &str, page: &str) -> Vec<String> {
    let (bad, good) = (blocks(page, "## Bad"), blocks(page, "## Good"));
    let mut faults = Vec::new();
    if (bad.is_empty() || good.is_empty()) && !page.contains(NOT_SHOWN) {
        faults.push(format!("no bad or no good KDL, and no `{NOT_SHOWN}WHY -->`"));
    }
    let bad = bad.into_iter().map(|block| (block, true));
    for (block, is_bad) in bad.chain(good.into_iter().map(|block| (block, false))) {
        let files = InMemory::split(&block);
        let workspace = match files.read() {
            Ok(workspace) => workspace,
            Err(panic) => return vec![format!("panics: {panic}\n{block}")],
        };
        let found = codes(&workspace);
        if is_bad && (found.is_empty() || found.iter().any(|other| *other != code)) {
            faults.push(format!("this bad KDL gives {found:?}\n{block}\n{}", report(&workspace)));
        } else if !is_bad && !found.is_empty() {
            faults.push(format!("this good KDL gives {found:?}\n{block}\n{}", report(&workspace)));
        }
        faults.extend(broken_fixes(&files, &workspace));
    }
    faults
}

/// The blocks of KDL under a heading, with the lines that the book hides.
fn blocks(page: &str, heading: &str) -> Vec<String> {
    let section = page.split("\n## ").find_map(|section| section.strip_prefix(&heading[3..])).unwrap_or("");
    let blocks = section.split("\n```kdl\n").skip(1).filter_map(|rest| rest.split("```\n").next());
    blocks
        .map(|block| block.split_inclusive('\n').map(|line| line.strip_prefix('~').unwrap_or(line)).collect())
        .collect()
}

#[test]
fn every_code_has_a_page_and_a_case() {
    let codes: BTreeSet<String> = pipeline::codes().iter().map(|code| code.name.to_owned()).collect();
    let shown: BTreeSet<String> = pages().iter().map(|page| stem(page)).collect();
    let held: BTreeSet<String> = folders().iter().map(|folder| stem(folder)).collect();
    let is_hidden =
        |code: &&String| pipeline::codes().iter().any(|other| other.name == **code && other.page.contains(NOT_SHOWN));
    let mut faults: Vec<String> = Vec::new();
    faults.extend(codes.difference(&shown).map(|code| format!("{code}: no page")));
    faults.extend(shown.difference(&codes).map(|code| format!("{code}: a page, and no such diagnostic")));
    faults.extend(held.difference(&codes).map(|code| format!("{code}: cases, and no such diagnostic")));
    faults.extend(codes.difference(&held).filter(|code| !is_hidden(code)).map(|code| format!("{code}: no case")));
    assert!(faults.is_empty(), "{} faults\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn every_case_has_its_report_and_every_report_its_case() {
    let mut lonely = Vec::new();
    for folder in folders() {
        let (cases, reports) = (entries(&folder, ".kdl"), entries(&folder, ".stderr"));
        let of = |paths: &[PathBuf]| paths.iter().map(|path| path.with_extension("")).collect::<BTreeSet<_>>();
        lonely.extend(of(&cases).symmetric_difference(&of(&reports)).map(|path| path.display().to_string()));
    }
    assert!(lonely.is_empty(), "{}", lonely.join("\n"));
}
