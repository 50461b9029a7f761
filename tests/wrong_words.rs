//! No word takes in silence what is wrong: for every row of the grammar table some workspace under `tests/compile` or
//! `examples` says it, and whatever is done to it there (its values left out, each of them put of another type or out
//! of all ranges, the node said twice, the node outside of every block) is told with a place, or makes a difference.
//! Every fix that is then offered takes its fault away.

#![allow(clippy::disallowed_methods, reason = "reads workspaces from the disk")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a workspace that cannot be read is a fault"
)]

use mesh::diagnostic::{Diagnostic, Diagnostics};
use mesh::emit::Tree;
use mesh::intent::grammar::{self, Place, Repeats, WORDS};
use mesh::pipeline::{self, Request, Workspace};
use mesh::source::{FileId, Files, ReadError, Span};
use mesh::syntax::{self, Node};
use std::collections::BTreeMap;
use std::fs;
use std::panic::{self, AssertUnwindSafe};
use std::path::Path;

/// What stands in the place of each value: another type, below and above all ranges, nothing, and a text of no type.
const WRONG: [&str; 6] = ["#true", "-1", "99999999999999", "0.00001", "\"\"", "\"%{ ~\\u{1}\""];

/// Says what no compiled workspace does.
const OWN: &str = r#"mesh shop language=1 { target istio "1.30" }
environment prod { cluster eu-1; risk traffic.weight low }
namespace shop
service web namespace=shop { port 8080 http }
guard timed for=service severity=warning { when "true"; require "service.timeout != null"; message "say it" }
ignore "AuthorizationPolicy/shop/allow-nothing" "/spec" owner=someone reason="writes it"
accept traffic.weight of=web.shop reason="is watched" until="2027-04-30"
"#;

/// A workspace in memory.
#[derive(Clone)]
struct Case(BTreeMap<String, String>);

fn is_page(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|end| end == "kdl")
}

impl Files for Case {
    fn list(&self) -> Result<Vec<String>, ReadError> {
        Ok(self.0.keys().filter(|name| is_page(name)).cloned().collect())
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        match self.0.get(path) {
            Some(text) => Ok(text.as_bytes().to_vec()),
            None => Err(ReadError { path: path.to_owned(), reason: "does not exist".to_owned() }),
        }
    }
}

impl Case {
    fn workspace(&self) -> Result<Workspace, String> {
        panic::catch_unwind(AssertUnwindSafe(|| pipeline::read(self, &Request::default())))
            .map_err(|_| "panics".to_owned())
    }

    fn edited(&self, file: &str, span: Span, text: &str) -> Case {
        let mut case = self.clone();
        case.0.get_mut(file).unwrap().replace_range(span.start as usize..span.end as usize, text);
        case
    }

    fn with_edits(&self, found: &Diagnostic, help: usize, workspace: &Workspace) -> Case {
        let mut edits: Vec<_> = found.helps[help].edits.iter().collect();
        edits.sort_by_key(|edit| (edit.span.file, edit.span.start));
        let names = edits.iter().map(|edit| workspace.sources.name(edit.span.file).to_owned());
        let pairs: Vec<_> = names.zip(&edits).collect();
        pairs.iter().rev().fold(self.clone(), |case, (name, edit)| case.edited(name, edit.span, &edit.replacement))
    }
}

/// The trees of all environments.
fn trees(workspace: &Workspace) -> Vec<Option<Tree>> {
    workspace.environments.iter().map(|(_, mesh)| mesh.as_ref().map(|mesh| pipeline::tree(mesh).unwrap())).collect()
}

/// What was found: codes with their titles.
fn told(workspace: &Workspace) -> Vec<(&'static str, String)> {
    workspace.found.sorted().iter().map(|found| (found.code.name, found.title.clone())).collect()
}

fn cases() -> Vec<(String, Case)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folders = ["tests/compile", "examples"].iter().flat_map(|name| fs::read_dir(root.join(name)).unwrap());
    let mut folders: Vec<_> = folders.map(|entry| entry.unwrap().path()).collect();
    folders.retain(|path| path.join("mesh.kdl").is_file());
    folders.sort();
    let case = |folder: std::path::PathBuf| {
        let paths = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_file());
        let name = |path: &Path| path.file_name().unwrap().to_string_lossy().into_owned();
        (name(&folder), Case(paths.map(|path| (name(&path), fs::read_to_string(&path).unwrap())).collect()))
    };
    let own = ("own".to_owned(), Case(BTreeMap::from([("mesh.kdl".to_owned(), OWN.to_owned())])));
    folders.into_iter().map(case).chain([own]).collect()
}

/// Where a row is said: the node, its values, and all that stands between its name and its block.
struct Said {
    case: usize,
    file: String,
    node: Span,
    values: Vec<Span>,
    head: Option<Span>,
}

fn walk(nodes: &[Node<'_>], place: Place, here: (usize, &str), into: &mut BTreeMap<(usize, usize), Said>) {
    for node in nodes {
        if matches!(place, Place::Versions | Place::Split) {
            let names = if place == Place::Versions { Place::Version } else { Place::Share };
            walk(node.children(), names, here, into);
            continue;
        }
        let Some(word) = grammar::find(place, &node.name.value) else { continue };
        let first = node.entries.first().map(|entry| entry.span.start);
        let last = node.entries.last().map(|entry| entry.span.end);
        let said = Said {
            case: here.0,
            file: here.1.to_owned(),
            node: node.span,
            values: node.entries.iter().map(|entry| entry.value_span).collect(),
            head: first.zip(last).map(|(start, end)| Span { start, end, ..node.span }),
        };
        let key = WORDS
            .iter()
            .enumerate()
            .find_map(|(group, rows)| rows.iter().position(|row| std::ptr::eq(row, word)).map(|row| (group, row)));
        into.entry(key.unwrap()).or_insert(said);
        if let Some(block) = word.block {
            walk(node.children(), if word.name == "in" { place } else { block }, here, into);
        }
    }
}

/// Each change of a node, with what it is.
fn changes(case: &Case, said: &Said, is_top: bool) -> Vec<(String, Case)> {
    let text = &case.0[&said.file];
    let written = &text[said.node.start as usize..said.node.end as usize];
    let twice = format!("{written}\n{written}");
    let mut changes = vec![("said twice".to_owned(), case.edited(&said.file, said.node, &twice))];
    if let Some(head) = said.head {
        changes.push(("without its values".to_owned(), case.edited(&said.file, head, "")));
    }
    for value in said.values.iter().take(3) {
        let old = &text[value.start as usize..value.end as usize];
        for wrong in WRONG.into_iter().filter(|wrong| *wrong != old) {
            changes.push((format!("{wrong} for {old}"), case.edited(&said.file, *value, wrong)));
        }
    }
    if !is_top {
        let end = u32::try_from(text.len()).unwrap();
        let at = Span { start: end, end, ..said.node };
        changes.push(("outside of every block".to_owned(), case.edited(&said.file, at, &format!("\n{written}\n"))));
    }
    changes
}

/// What is wrong with what is found in a changed workspace.
fn fault(changed: &Case, before: &(Vec<Option<Tree>>, Vec<(&'static str, String)>)) -> Option<String> {
    let workspace = match changed.workspace() {
        Ok(workspace) => workspace,
        Err(panic) => return Some(panic),
    };
    for found in workspace.found.sorted() {
        if found.primary.is_none() {
            return Some(format!("`{}` has no place", found.title));
        }
        for at in (0..found.helps.len()).filter(|at| !found.helps[*at].edits.is_empty()) {
            let fixed = changed.with_edits(found, at, &workspace).workspace().ok()?;
            let place = |found: &Diagnostic| found.primary.as_ref().map(|label| label.span.start);
            if fixed.found.sorted().iter().any(|left| left.title == found.title && place(left) == place(found)) {
                return Some(format!("`{}` of `{}` does not help", found.helps[at].text, found.title));
            }
        }
    }
    let is_told = told(&workspace) != before.1;
    (!is_told && trees(&workspace) == before.0).then(|| "is taken in silence".to_owned())
}

/// Words that decide no byte of the output, as `tests/words.rs` has them, and where others look at what they say.
const FOR_OTHERS: [&str; 9] =
    ["ignore", "accept", "guard", "when", "require", "message", "cluster", "risk", "environment"];

#[test]
fn nothing_wrong_is_taken_in_silence() {
    let cases = cases();
    let mut all = BTreeMap::new();
    for (at, (_, case)) in cases.iter().enumerate() {
        for (file, text) in case.0.iter().filter(|(name, _)| is_page(name)) {
            let document = syntax::parse(FileId::new(0), text, &mut Diagnostics::default());
            walk(&document.nodes, Place::Top, (at, file), &mut all);
        }
    }
    let rows = WORDS.iter().enumerate().flat_map(|(group, rows)| (0..rows.len()).map(move |row| (group, row)));
    let unsaid = rows.filter(|key| !all.contains_key(key)).map(|(group, row)| WORDS[group][row].name);
    // It is always refused: Istio cannot say it.
    assert_eq!(unsaid.collect::<Vec<_>>(), ["curve"], "a word that no workspace says");
    let mut before = BTreeMap::new();
    let mut faults = Vec::new();
    for ((group, row), said) in &all {
        let (word, (name, case)) = (&WORDS[*group][*row], &cases[said.case]);
        let before = before.entry(said.case).or_insert_with(|| {
            let workspace = case.workspace().unwrap();
            (trees(&workspace), told(&workspace))
        });
        for (what, changed) in changes(case, said, grammar::find(Place::Top, word.name).is_some()) {
            let may_be_silent = FOR_OTHERS.contains(&word.name)
                || (word.repeats == Repeats::Many && what == "said twice")
                || (word.is_flag() && what == "without its values");
            let found = fault(&changed, before);
            let found = found.filter(|found| !(may_be_silent && found == "is taken in silence"));
            faults.extend(found.map(|found| format!("{name}: `{}` {what}: {found}", word.name)));
        }
    }
    assert!(faults.is_empty(), "{} faults\n{}", faults.len(), faults.join("\n"));
}
