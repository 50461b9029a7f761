use super::{FileId, Sources};
use std::collections::BTreeMap;

/// Files of a workspace that pages name, beside its pages.
#[derive(Clone, Copy, Debug)]
pub struct Attached<'s> {
    sources: &'s Sources,
    files: &'s BTreeMap<String, FileId>,
}

impl<'s> Attached<'s> {
    /// These files, by the paths under which pages name them.
    pub fn new(sources: &'s Sources, files: &'s BTreeMap<String, FileId>) -> Self {
        Attached { sources, files }
    }

    /// The file of this path with its text, if it could be read.
    pub fn file(&self, path: &str) -> Option<(FileId, &'s str)> {
        self.files.get(path).map(|id| (*id, self.sources.text(*id)))
    }
}
