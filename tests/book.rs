//! The book is whole: every page is in its summary, every link leads somewhere, every diagnostic's page has its parts, and
//! every recipe compiles and is run by a scenario of the live suite. `BLESS=1` rewrites the list of diagnostics in the summary.

#![allow(clippy::disallowed_methods, reason = "reads the book from the disk and looks at `BLESS`")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a book that cannot be read is a fault"
)]

mod recipes;
mod workspace;

use std::fs;
use std::path::{Path, PathBuf};
use workspace::{InMemory, report};

/// The entry of the summary under which the pages of diagnostics stand.
const PARENT: &str = "- [Diagnostics](diagnostics.md)\n";

fn book() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("book/src")
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| format!("{}: {error}", path.display()))
}

/// The Markdown files of a folder of the book, sorted.
fn pages(folder: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(book().join(folder)).unwrap();
    let mut pages: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    pages.retain(|path| path.extension().is_some_and(|extension| extension == "md"));
    pages.sort();
    pages
}

/// Names of diagnostics, from their pages.
fn codes() -> Vec<String> {
    pages("codes").iter().map(|path| path.file_stem().unwrap().to_string_lossy().into_owned()).collect()
}

/// The targets of `[text](target)` and `{{#include target}}` in a page.
fn targets(page: &str) -> impl Iterator<Item = &str> {
    let links = page.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    let included = page.split("{{#include ").skip(1).filter_map(|rest| rest.split("}}").next());
    links.chain(included)
}

#[test]
fn every_page_is_in_the_summary() {
    let path = book().join("SUMMARY.md");
    let summary = read(&path);
    let (before, after) = summary.split_once(PARENT).unwrap();
    let rest: Vec<&str> = after.split_inclusive('\n').filter(|line| !line.contains("](codes/")).collect();
    let list: Vec<String> = codes().iter().map(|code| format!("    - [{code}](codes/{code}.md)\n")).collect();
    let whole = [before, PARENT, &list.concat(), &rest.concat()].concat();
    if std::env::var("BLESS").is_ok_and(|value| value == "1") {
        fs::write(&path, &whole).unwrap();
    } else {
        assert_eq!(summary, whole, "BLESS=1 writes the list");
    }
    for path in pages("").iter().filter(|path| !path.ends_with("SUMMARY.md")) {
        let name = path.file_name().unwrap().to_string_lossy();
        assert!(whole.contains(&format!("]({name})")), "{name} is not in SUMMARY.md");
    }
    for path in pages("cookbook") {
        let name = path.file_name().unwrap().to_string_lossy();
        assert!(whole.contains(&format!("](cookbook/{name})")), "cookbook/{name} is not in SUMMARY.md");
    }
}

#[test]
fn every_link_leads_somewhere() {
    for path in ["", "changes", "codes", "cookbook"].into_iter().flat_map(pages) {
        let page = read(&path);
        for target in targets(&page).filter(|target| !target.contains("://")) {
            let file = target.split('#').next().unwrap();
            let there = file.is_empty() || path.parent().unwrap().join(file).exists();
            assert!(there, "{}: no {target}", path.display());
        }
    }
}

#[test]
fn every_diagnostic_has_a_whole_page() {
    let mut lacking = Vec::new();
    for code in codes() {
        let page = read(&book().join(format!("codes/{code}.md")));
        for part in [&format!("# {code}\n\n"), "\n## Why\n", "\n## Bad\n", "\n## Good\n"] {
            if page.matches(part).count() != 1 {
                lacking.push(format!("{code}: {:?}", part.trim()));
            }
        }
    }
    assert!(lacking.is_empty(), "{} parts are missing:\n{}", lacking.len(), lacking.join("\n"));
}

#[test]
fn every_recipe_compiles_and_is_run() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let scenarios: Vec<String> =
        fs::read_dir(root.join("tests/live/scenarios")).unwrap().map(|entry| read(&entry.unwrap().path())).collect();
    let is_run = |name: &str| {
        let words = [format!("recipe: {name}\n"), format!("change: {name}}}")];
        scenarios.iter().any(|scenario| words.iter().any(|word| scenario.contains(word)))
    };
    let recipes = recipes::all(root).unwrap();
    for recipe in &recipes {
        let name = &recipe.name;
        assert_eq!(recipes.iter().filter(|other| other.name == *name).count(), 1, "two recipes `{name}`");
        assert!(is_run(name), "no scenario runs the recipe `{name}`");
        if recipe.is_intent {
            let read = InMemory::split(&recipe.text).read().unwrap();
            assert!(read.found.is_empty(), "{name}\n{}", report(&read));
        }
    }
    let index = read(&book().join("cookbook.md"));
    for page in pages("cookbook") {
        for task in recipes::tasks(&read(&page)) {
            assert!(index.contains(&format!("[{task}](")), "`{task}` is not in cookbook.md");
            assert!(recipes.iter().any(|recipe| recipe.task == task), "`{task}` has no recipe");
        }
    }
}
