use super::block::{self, Head};
use super::node::{Node, Value};
use crate::source::FileId;
use std::ops::Range;
use std::sync::Arc;

/// A document that can be read whenever somebody asks for it: that it can be is known.
#[derive(Clone, Debug)]
pub struct Unread {
    file: FileId,
    text: Arc<str>,
    at: Range<usize>,
}

impl Unread {
    /// All of it.
    pub fn read(&self) -> Node {
        let document = block::document(self.file, &self.text, &self.at);
        document.unwrap_or(Node { value: Value::Null, origin: None })
    }

    /// The file that it stands in.
    pub const fn file(&self) -> FileId {
        self.file
    }

    /// How it is written. Its values stand in it as they are.
    pub fn text(&self) -> &str {
        self.text.get(self.at.clone()).unwrap_or_default()
    }
}

/// What names the object of each document, `apiVersion`, `kind` and `metadata`, and all of the document for later; none
/// where the text is not as plain as tools write it.
pub fn skim(file: FileId, text: &Arc<str>) -> Option<Vec<(Head<'_>, Unread)>> {
    let documents = block::skim(text)?.into_iter();
    Some(documents.map(|(head, at)| (head, Unread { file, text: Arc::clone(text), at })).collect())
}
