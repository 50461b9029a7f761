//! The recipes of the book: blocks of its cookbook, and of the page about what people apply by hand, that have a name, as
//! ```` ```kdl,recipe=NAME ````. The book compiles them, and scenarios of the live suite run them by their names, so that
//! a page and what was run cannot differ.
#![allow(dead_code, unreachable_pub)] // each test takes what it needs

use std::fs;
use std::path::{Path, PathBuf};

/// A block with a name.
pub struct Recipe {
    /// The name after `recipe=`.
    pub name: String,
    /// The heading that it stands under.
    pub task: String,
    /// The page.
    pub page: PathBuf,
    /// Whether it is KDL; else it is what somebody applies by hand.
    pub is_intent: bool,
    /// The whole block, with the lines that the page hides.
    pub text: String,
}

/// Every recipe of the book, page by page.
pub fn all(root: &Path) -> Result<Vec<Recipe>, String> {
    let mut recipes = Vec::new();
    for page in pages(root)? {
        let text = fs::read_to_string(&page).map_err(|error| format!("{}: {error}", page.display()))?;
        recipes.extend(of_page(&page, &text));
    }
    Ok(recipes)
}

/// The pages that have recipes.
pub fn pages(root: &Path) -> Result<Vec<PathBuf>, String> {
    let folder = root.join("book/src/cookbook");
    let entries = fs::read_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut pages: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    pages.sort();
    pages.push(root.join("book/src/by-hand.md"));
    Ok(pages)
}

/// The headings of a page that say a task.
pub fn tasks(page: &str) -> impl Iterator<Item = &str> {
    page.lines().filter_map(|line| line.strip_prefix("## "))
}

/// The commands of ours that a page says to be next, under the heading of a task.
pub fn next<'a>(page: &'a str, task: &str) -> impl Iterator<Item = &'a str> {
    let section = page.split("\n## ").find(|section| section.lines().next() == Some(task)).unwrap_or_default();
    let lines = section.lines().filter(|line| line.starts_with("**Next.**"));
    let marked = lines.flat_map(|line| line.split('`').skip(1).step_by(2));
    marked.filter(|command| command.starts_with("mesh "))
}

fn of_page(page: &Path, text: &str) -> Vec<Recipe> {
    let mut recipes = Vec::new();
    let mut task = "";
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        task = line.strip_prefix("## ").unwrap_or(task);
        let Some((language, name)) = line.strip_prefix("```").and_then(|info| info.split_once(",recipe=")) else {
            continue;
        };
        let block = lines.by_ref().take_while(|line| *line != "```");
        recipes.push(Recipe {
            name: name.to_owned(),
            task: task.to_owned(),
            page: page.to_owned(),
            is_intent: language == "kdl",
            text: block.flat_map(|line| [line.strip_prefix('~').unwrap_or(line), "\n"]).collect(),
        });
    }
    recipes
}
