use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::source::{FileId, Files, ReadError, Span};
use std::collections::BTreeMap;

/// A workspace in which one file has another text.
pub(super) struct Edited<'f> {
    pub(super) files: &'f dyn Files,
    pub(super) path: &'f str,
    pub(super) text: &'f str,
}

impl Files for Edited<'_> {
    fn list(&self) -> Result<Vec<String>, ReadError> {
        self.files.list()
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        if path == self.path { Ok(self.text.as_bytes().to_vec()) } else { self.files.read(path) }
    }

    fn read_prefix(&self, path: &str, at_most: usize) -> Result<Vec<u8>, ReadError> {
        if path != self.path {
            return self.files.read_prefix(path, at_most);
        }
        let mut bytes = self.text.as_bytes().to_vec();
        bytes.truncate(at_most);
        Ok(bytes)
    }
}

/// A kind of finding at a place.
type Known = (&'static str, Option<(FileId, u32)>);

/// What is found after an edit and was not found before it: another code, or another place, as far as the edit did not
/// move it.
pub(super) fn new_findings(before: &Diagnostics, after: &Diagnostics, edit: (Span, &str)) -> Diagnostics {
    let mut known: BTreeMap<Known, usize> = BTreeMap::new();
    for found in before.sorted() {
        let place = start(found).map(|(file, at)| (file, moved((file, at), edit)));
        *known.entry((found.code.name, place)).or_default() += 1;
    }
    let mut news = Diagnostics::default();
    for found in after.sorted() {
        match known.get_mut(&(found.code.name, start(found))) {
            Some(left) if *left > 0 => *left -= 1,
            Some(_) | None => news.push(found.clone()),
        }
    }
    news
}

fn start(found: &Diagnostic) -> Option<(FileId, u32)> {
    found.primary.as_ref().map(|label| (label.span.file, label.span.start))
}

/// Where a place of a file stands after the edit.
fn moved((file, at): (FileId, u32), (span, replacement): (Span, &str)) -> u32 {
    if file != span.file || at < span.end || at == span.start {
        return at;
    }
    let longer = u32::try_from(replacement.len()).unwrap_or(u32::MAX);
    (at - (span.end - span.start)).saturating_add(longer)
}
