use super::batch::Batch;
use super::command::run;
use super::error::GitError;
use super::repository::{Commit, Repository};
use crate::source::{Files, ReadError};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// The files below a folder of a revision.
#[derive(Debug)]
pub struct Revision {
    folder: PathBuf,
    entries: BTreeMap<String, Entry>,
    wanted: Wanted,
    batch: RefCell<Option<Batch>>,
}

/// Which files a revision lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// What their names end with.
    pub endings: &'static [&'static str],
    /// A folder that is not of them; empty: none.
    pub without: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Entry {
    /// A regular file, by the name of its object.
    File(String),
    Link,
    /// A folder that another repository fills.
    Submodule,
}

/// What the path of a rendered side names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Folder,
    File,
}

impl Repository {
    /// The files of a revision below `folder`, which is told from the repository's root; a file is a folder of one. None
    /// where the revision has no such folder.
    pub fn files(&self, commit: &Commit, folder: &str, wanted: Wanted) -> Result<Option<Revision>, GitError> {
        let named = format!("{}:{folder}", commit.id());
        let told = run(&self.folder, &["cat-file", "-t", &named])?;
        let kind = match told.stdout.trim_ascii() {
            b"tree" => Kind::Folder,
            b"blob" => Kind::File,
            _ => return Ok(None),
        };
        let listed = match kind {
            Kind::Folder => run(&self.folder, &["ls-tree", "-r", "-z", "--full-tree", &named])?,
            Kind::File => run(&self.folder, &["ls-tree", "-z", "--full-tree", commit.id(), folder])?,
        };
        if !listed.status.success() {
            return Err(GitError::said(&listed.stderr));
        }
        let entries = listed.stdout.split(|byte| *byte == 0).filter_map(entry).collect();
        Ok(Some(Revision { folder: self.folder.clone(), entries, wanted, batch: RefCell::new(None) }))
    }
}

/// `MODE TYPE NAME<tab>PATH`; a path that is no UTF-8 can be named by no page.
fn entry(line: &[u8]) -> Option<(String, Entry)> {
    let line = str::from_utf8(line).ok()?;
    let (head, path) = line.split_once('\t')?;
    let mut words = head.split(' ');
    let entry = match (words.next()?, words.next()?, words.next()?) {
        ("120000", _, _) => Entry::Link,
        (_, "blob", id) => Entry::File(id.to_owned()),
        _ => Entry::Submodule,
    };
    Some((path.to_owned(), entry))
}

impl Revision {
    /// Folders that other repositories fill: what is in them is not read.
    pub fn submodules(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().filter(|(_, entry)| **entry == Entry::Submodule).map(|(path, _)| path.as_str())
    }

    /// Whether it has a file at this path.
    pub fn has(&self, path: &str) -> bool {
        self.entries.contains_key(path)
    }

    fn is_wanted(&self, path: &str) -> bool {
        let Wanted { endings, without } = self.wanted;
        let is_hidden = path.split('/').any(|part| part.starts_with('.'));
        let is_output = !without.is_empty() && path.split('/').next() == Some(without);
        !is_hidden && !is_output && endings.iter().any(|ending| path.ends_with(ending))
    }

    fn read_object(&self, id: &str, at_most: usize) -> Result<Vec<u8>, String> {
        let mut open = self.batch.borrow_mut();
        let batch = match &mut *open {
            Some(batch) => batch,
            none => none.insert(Batch::open(&self.folder).map_err(|error| error.what)?),
        };
        let read =
            batch.read(id, at_most).map_err(|error| format!("could not be read from the repository: {error}"))?;
        let blob = read.ok_or("is not in this clone, which was made without all of its objects")?;
        if blob.is_cut {
            *open = None;
        }
        Ok(blob.bytes)
    }
}

impl Files for Revision {
    fn list(&self) -> Result<Vec<String>, ReadError> {
        let wanted = self.entries.iter().filter(|(path, _)| self.is_wanted(path));
        let file = |(path, entry): (&String, &Entry)| match entry {
            Entry::Link => Err(unreadable(path, LINK)),
            Entry::File(_) | Entry::Submodule => Ok(path.clone()),
        };
        wanted.map(file).collect()
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        self.read_prefix(path, usize::MAX)
    }

    fn read_prefix(&self, path: &str, at_most: usize) -> Result<Vec<u8>, ReadError> {
        match self.entries.get(path) {
            Some(Entry::File(id)) => self.read_object(id, at_most).map_err(|reason| unreadable(path, reason)),
            Some(Entry::Link) => Err(unreadable(path, LINK)),
            Some(Entry::Submodule) => Err(unreadable(path, "is a folder of another repository")),
            None => Err(unreadable(path, "does not exist")),
        }
    }
}

const LINK: &str = "is a link, and links are not followed";

fn unreadable(path: &str, reason: impl Into<String>) -> ReadError {
    ReadError { path: path.to_owned(), reason: reason.into() }
}
