//! What the house asks of every file, as checks over files in memory: each can be shown to fail.
#![allow(unreachable_pub, reason = "a module of a test")]

pub mod layers;
pub mod rules;
pub mod rust;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// The files of the project, by their paths.
pub struct Files(pub BTreeMap<String, String>);

/// What is not ours to judge: what is built, what is compiled, and what others wrote.
const NOT_READ: &[&str] = &["target", "out", "Cargo.lock"];

impl Files {
    /// Every text file of the project.
    pub fn of_the_project() -> Self {
        let mut files = BTreeMap::new();
        read(Path::new(env!("CARGO_MANIFEST_DIR")), "", &mut files);
        Files(files)
    }

    /// The files below a folder whose names end so.
    pub fn below<'f>(&'f self, folder: &'f str, end: &'f str) -> impl Iterator<Item = (&'f str, &'f str)> {
        let all = self.0.iter().map(|(path, text)| (path.as_str(), text.as_str()));
        all.filter(move |(path, _)| path.starts_with(folder) && path.ends_with(end))
    }

    /// The Rust files below a folder.
    pub fn rust<'f>(&'f self, folder: &'f str) -> impl Iterator<Item = (&'f str, &'f str)> {
        self.below(folder, ".rs")
    }

    /// Whether there is such a file or folder.
    pub fn has(&self, path: &str) -> bool {
        let folder = format!("{path}/");
        self.0.contains_key(path)
            || self.0.range(folder.clone()..).next().is_some_and(|(at, _)| at.starts_with(&folder))
    }
}

fn read(folder: &Path, prefix: &str, files: &mut BTreeMap<String, String>) {
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = format!("{prefix}{name}");
        let is_hidden = name.starts_with('.') && name != ".ci";
        if is_hidden || NOT_READ.contains(&path.as_str()) {
            continue;
        }
        if entry.file_type().unwrap().is_dir() {
            read(&entry.path(), &format!("{path}/"), files);
        } else if let Ok(text) = fs::read_to_string(entry.path()) {
            files.insert(path, text);
        }
    }
}

/// Whether a file holds tests alone.
pub fn is_test(path: &str) -> bool {
    path.starts_with("tests/") || path.ends_with("/tests.rs") || path.contains("/tests/")
}
