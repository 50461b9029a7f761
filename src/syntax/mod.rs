//! KDL 2.0: the text of a file as nodes, arguments and properties, each with its place, and nothing lost.
//!
//! In: one file's text. Out: a [`Document`], always; and every fault of the file, since the reader goes on after each.
//! It knows nothing of the language's words, and never touches the disk. It reads in one pass without recursion,
//! within the bounds of [`limits`]. Its law is <https://kdl.dev/spec>; where KDL allows what misleads people
//! (`issuer https://a.b`, `canary: 10`, a property set twice), the document is complete and a fault says so.

mod character;
mod cursor;
mod document;
mod edits;
mod entry;
mod escape;
pub mod faults;
mod format;
mod hidden;
mod indentation;
pub mod limits;
mod multi_line;
mod number;
mod piece;
mod reader;
mod space;
mod string;
mod word;

pub use document::{Block, Document, Entry, Node, Text, Value};
pub use edits::edits;
pub use format::format;
pub use piece::{Piece, PieceKind};

use crate::diagnostic::Diagnostics;
use crate::source::FileId;
use reader::Reader;

/// Reads a file. What could not be read is left out of the document, and reported.
pub fn parse<'s>(file: FileId, text: &'s str, found: &mut Diagnostics) -> Document<'s> {
    if text.len() > limits::FILE_BYTES {
        found.push(faults::file_too_large(file));
        return Document::empty(file, text);
    }
    let mut reader = Reader::new(file, text, found);
    reader.report_hidden();
    reader.read()
}

#[cfg(test)]
mod tests;
