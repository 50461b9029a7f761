use super::cursor::{Cursor, offset};
use super::document::{Document, Node};
use super::space::comment_length;
use crate::source::Span;

/// A part of a file that cannot be taken further apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    /// What it is.
    pub kind: PieceKind,
    /// Where it is.
    pub span: Span,
}

/// What a piece of a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PieceKind {
    /// A node's name.
    Name,
    /// A property's name.
    Key,
    /// A type annotation, parentheses included.
    Annotation,
    /// A value.
    Value,
    /// A `{`.
    Open,
    /// A `}`.
    Close,
    /// A `=`.
    Equals,
    /// Spaces and tabs.
    Space,
    /// One end of line.
    Newline,
    /// From `//` to the end of the line, without that.
    LineComment,
    /// From `/*` to `*/`.
    BlockComment,
    /// A `\`; the space, comment and end of line after it are pieces of their own.
    Continuation,
    /// From `/-` to the end of what it removes.
    Slashdash,
    /// A `;`.
    Semicolon,
    /// The byte order mark that a file may begin with.
    ByteOrderMark,
    /// What could not be read, which was reported.
    Unread,
}

impl Document<'_> {
    /// What stands between two elements, from one's end to the next one's beginning: comments, blank lines, and so on.
    pub fn gap(&self, start: u32, end: u32) -> Vec<Piece> {
        let mut pieces = Vec::new();
        Tiling { document: self, pieces: &mut pieces, at: start }.gap(end);
        pieces
    }
}

/// All pieces of a document, in order.
pub(super) fn tile(document: &Document<'_>) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut tiling = Tiling { document, pieces: &mut pieces, at: 0 };
    tiling.nodes(&document.nodes);
    tiling.gap(offset(document.text.len()));
    pieces
}

/// Pieces up to a place.
struct Tiling<'d, 's> {
    document: &'d Document<'s>,
    pieces: &'d mut Vec<Piece>,
    at: u32,
}

impl Tiling<'_, '_> {
    fn nodes(&mut self, nodes: &[Node<'_>]) {
        for node in nodes {
            self.elements([(PieceKind::Annotation, node.annotation), (PieceKind::Name, Some(node.name.span))]);
            for entry in &node.entries {
                let key = entry.key.as_ref().map(|key| key.span);
                self.elements([
                    (PieceKind::Key, key),
                    (PieceKind::Annotation, entry.annotation),
                    (PieceKind::Value, Some(entry.value_span)),
                ]);
            }
            if let Some(block) = &node.block {
                let brace = |start: u32| Some(Span { start, end: start + 1, ..block.span });
                self.elements([(PieceKind::Open, brace(block.span.start))]);
                self.nodes(&block.nodes);
                let end = block.span.end.saturating_sub(1);
                if self.document.text.as_bytes().get(end as usize) == Some(&b'}') {
                    self.elements([(PieceKind::Close, brace(end))]);
                }
            }
        }
    }

    /// Adds elements, with what stands before each.
    fn elements<const N: usize>(&mut self, elements: [(PieceKind, Option<Span>); N]) {
        for (kind, span) in elements {
            if let Some(span) = span.filter(|span| span.start >= self.at) {
                self.gap(span.start);
                self.push(kind, span.end);
            }
        }
    }

    /// Adds what stands between here and `end`.
    fn gap(&mut self, end: u32) {
        while self.at < end {
            let (kind, length) = self.next(end);
            self.push(kind, (self.at + offset(length.max(1))).min(end));
        }
    }

    fn push(&mut self, kind: PieceKind, end: u32) {
        let span = Span::new(self.document.file, self.at, end);
        match self.pieces.last_mut() {
            Some(last) if last.kind == kind && matches!(kind, PieceKind::Unread | PieceKind::Space) => {
                last.span.end = end;
            }
            Some(_) | None => self.pieces.push(Piece { kind, span }),
        }
        self.at = end;
    }

    /// What is next between two elements, and its length.
    fn next(&self, end: u32) -> (PieceKind, usize) {
        let text = self.document.text.get(..end as usize).unwrap_or(self.document.text);
        let cursor = Cursor { at: self.at as usize, ..Cursor::new(self.document.file, text) };
        let (at, rest) = (cursor.at, cursor.rest());
        if let Some(removed) = self.removed() {
            return (PieceKind::Slashdash, (removed.end - self.at) as usize);
        }
        match rest.as_bytes() {
            [b';', ..] => (PieceKind::Semicolon, 1),
            [b'=', ..] => (PieceKind::Equals, 1),
            [b'\\', ..] => (PieceKind::Continuation, 1),
            [b'/', b'/', ..] => (PieceKind::LineComment, cursor.line_end(at) - at),
            [b'/', b'*', ..] => match comment_length(rest) {
                Some(length) => (PieceKind::BlockComment, length),
                None => (PieceKind::Unread, rest.len()),
            },
            _ if cursor.newline_at(at) > 0 => (PieceKind::Newline, cursor.newline_at(at)),
            _ if cursor.space_at(at) > 0 => (PieceKind::Space, cursor.space_at(at)),
            _ if at == 0 && rest.starts_with('\u{FEFF}') => (PieceKind::ByteOrderMark, 3),
            _ => (PieceKind::Unread, rest.chars().next().map_or(1, char::len_utf8)),
        }
    }

    /// What a slashdash removes that begins here.
    fn removed(&self) -> Option<Span> {
        let removed = &self.document.removed;
        let index = removed.binary_search_by_key(&self.at, |span| span.start).ok()?;
        removed.get(index).copied()
    }
}
