//! A whole workspace in one text, as tests and pages of the book write it, and what a run finds in it.
#![allow(dead_code, unreachable_pub)] // each test takes what it needs

use mesh::diagnostic::render::{self, Format, Look};
use mesh::diagnostic::{Diagnostic, Edit};
use mesh::pipeline::{self, Request};
use mesh::source::{Files, ReadError};
use mesh::value::Date;
use std::collections::BTreeMap;
use std::panic::{self, AssertUnwindSafe};
use std::path::Path;

/// The day of every test, so that none changes by itself.
const TODAY: &str = "2026-11-24";

/// The file of lines that no `// file: NAME` precedes.
const FIRST_FILE: &str = "mesh.kdl";

/// What the names of files begin with that lie beside the workspace: one of them, a policy.
const BESIDE: &str = "../";

/// The files of a workspace, in memory.
#[derive(Clone, Debug)]
pub struct InMemory(BTreeMap<String, String>);

fn is_page(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|end| end == "kdl")
}

impl InMemory {
    /// Splits `text` at its lines `// file: NAME.kdl`, each of which stays the first line of its file.
    pub fn split(text: &str) -> Self {
        let mut files = BTreeMap::new();
        let mut name = FIRST_FILE;
        for line in text.split_inclusive('\n') {
            name = line.strip_prefix("// file: ").map_or(name, str::trim);
            let text = files.entry(name.to_owned()).or_insert_with(String::new);
            // What is no page has another syntax, and no line that says where it begins.
            if is_page(name) || !line.starts_with("// file: ") {
                text.push_str(line);
            }
        }
        InMemory(files)
    }

    /// The workspace after the edits of one help.
    pub fn edited(&self, edits: &[Edit], names: impl Fn(&Edit) -> String) -> Self {
        let mut files = self.clone();
        let mut edits: Vec<&Edit> = edits.iter().collect();
        edits.sort_by_key(|edit| (edit.span.file, edit.span.start));
        // From the end to the beginning, so that no edit moves the place of another.
        for edit in edits.into_iter().rev() {
            let name = names(edit);
            let text = files
                .0
                .get_mut(&name)
                .unwrap_or_else(|| panic!("a fix edits {name}, which is no file of the workspace"));
            text.replace_range(edit.span.start as usize..edit.span.end as usize, &edit.replacement);
        }
        files
    }

    /// Every file with its lines.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, text)| (name.as_str(), text.as_str()))
    }

    /// What a run finds, in every environment; the text of the panic if it panics.
    pub fn read(&self) -> Result<pipeline::Workspace, String> {
        panic::catch_unwind(AssertUnwindSafe(|| {
            let policy = self.0.iter().find(|(name, _)| name.starts_with(BESIDE));
            let policy = policy.map(|(name, text)| (name.clone(), text.clone()));
            let request = Request { today: Date::parse(TODAY).ok(), policy, ..Request::default() };
            let workspace = pipeline::read(self, &request);
            for format in [Format::Short, Format::Json, Format::Sarif, Format::Github] {
                render::render(format, &workspace.found, &workspace.sources, &LOOK);
            }
            workspace
        }))
        .map_err(|panic| {
            let text = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref().copied());
            text.unwrap_or("no text").to_owned()
        })
    }
}

impl Files for InMemory {
    fn list(&self) -> Result<Vec<String>, ReadError> {
        let pages = self.0.keys().filter(|name| is_page(name) && !name.starts_with(BESIDE));
        Ok(pages.cloned().collect())
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        match self.0.get(path) {
            Some(text) => Ok(text.as_bytes().to_vec()),
            None => Err(ReadError { path: path.to_owned(), reason: "No such file or directory".to_owned() }),
        }
    }
}

const LOOK: Look = Look { colour: false, width: 100 };

/// The report for people.
pub fn report(workspace: &pipeline::Workspace) -> String {
    render::render(Format::Human, &workspace.found, &workspace.sources, &LOOK)
}

/// What was found, in order.
pub fn codes(workspace: &pipeline::Workspace) -> Vec<&'static str> {
    workspace.found.sorted().iter().map(|found| found.code.name).collect()
}

/// Applies each fix that was offered, alone, and says which of them do not do what they promise: to take away their
/// finding, and to bring no other.
pub fn broken_fixes(files: &InMemory, workspace: &pipeline::Workspace) -> Vec<String> {
    let mut broken = Vec::new();
    for found in workspace.found.sorted() {
        for help in found.helps.iter().filter(|help| !help.edits.is_empty()) {
            let edited = files.edited(&help.edits, |edit| workspace.sources.name(edit.span.file).to_owned());
            let mut allowed = codes(workspace);
            allowed.retain({
                let mut left_out = false;
                move |code| left_out || *code != found.code.name || !std::mem::replace(&mut left_out, true)
            });
            if let Err(because) = finds_only(&edited, &allowed) {
                broken.push(told(found, &help.text, &edited, &because));
            }
        }
    }
    broken
}

/// Whether nothing else is found in `files` than findings of these codes, each as often at most.
fn finds_only(files: &InMemory, allowed: &[&'static str]) -> Result<(), String> {
    let workspace = files.read()?;
    let mut allowed = allowed.to_vec();
    for code in codes(&workspace) {
        match allowed.iter().position(|other| *other == code) {
            Some(at) => _ = allowed.swap_remove(at),
            None => return Err(report(&workspace)),
        }
    }
    Ok(())
}

fn told(found: &Diagnostic, help: &str, edited: &InMemory, because: &str) -> String {
    let files: String = edited.iter().map(|(_, text)| text).collect();
    format!("the fix `{help}` of `{}: {}` gives\n{files}\nin which is found\n{because}", found.code.name, found.title)
}
