use super::Piece;
use super::piece::tile;
use crate::source::{FileId, Span};
use std::borrow::Cow;
use std::fmt;

/// A file as KDL sees it: nodes, and the text they were read from, of which nothing is lost.
#[derive(Clone, Debug)]
pub struct Document<'s> {
    /// The nodes at the top, in the order of the file.
    pub nodes: Vec<Node<'s>>,
    /// The file's number.
    pub file: FileId,
    /// The file's text, byte for byte.
    pub text: &'s str,
    /// What slashdashes remove, each from its `/-` to the end of what it removes, outermost only, in order.
    pub removed: Vec<Span>,
}

/// A name with its arguments, properties and block.
#[derive(Clone, Debug, PartialEq)]
pub struct Node<'s> {
    /// All of it: from its annotation or name to the end of its last entry or block.
    pub span: Span,
    /// The type annotation before the name, parentheses included.
    pub annotation: Option<Span>,
    /// Its name.
    pub name: Text<'s>,
    /// Its arguments and properties, in the order of the file. A property that is set twice is here twice.
    pub entries: Vec<Entry<'s>>,
    /// Its block, if it has one; `{ }` is an empty one.
    pub block: Option<Block<'s>>,
}

/// A string and where it was written, quotes included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text<'s> {
    /// What it says, escapes resolved.
    pub value: Cow<'s, str>,
    /// Where, quotes included.
    pub span: Span,
}

/// An argument, or with a key a property.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry<'s> {
    /// All of it: key, annotation and value.
    pub span: Span,
    /// The type annotation before the value, parentheses included.
    pub annotation: Option<Span>,
    /// The property's name; none for an argument.
    pub key: Option<Text<'s>>,
    /// The value.
    pub value: Value<'s>,
    /// Where the value alone was written, quotes included.
    pub value_span: Span,
}

/// What KDL can say in one value.
#[derive(Clone, Debug, PartialEq)]
pub enum Value<'s> {
    /// Text, bare or quoted.
    String(Cow<'s, str>),
    /// A number without fraction and exponent.
    Integer(i128),
    /// A number with fraction or exponent, `#inf`, `#-inf` and `#nan`.
    Decimal(f64),
    /// `#true` or `#false`.
    Boolean(bool),
    /// `#null`.
    Null,
}

/// What stands between the braces of a node.
#[derive(Clone, Debug, PartialEq)]
pub struct Block<'s> {
    /// All of it, braces included.
    pub span: Span,
    /// The nodes inside.
    pub nodes: Vec<Node<'s>>,
}

impl<'s> Document<'s> {
    /// A document without nodes.
    pub(super) fn empty(file: FileId, text: &'s str) -> Self {
        Document { nodes: Vec::new(), file, text, removed: Vec::new() }
    }

    /// What is written at `span`, which is of this file.
    pub fn slice(&self, span: Span) -> &'s str {
        self.text.get(span.start as usize..span.end as usize).unwrap_or("")
    }

    /// The whole file as a row of pieces without gap or overlap: elements, and all that stands between them.
    pub fn pieces(&self) -> Vec<Piece> {
        tile(self)
    }
}

impl fmt::Display for Document<'_> {
    /// Prints it as it was written, byte for byte, from its pieces.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.pieces().iter().try_for_each(|piece| f.write_str(self.slice(piece.span)))
    }
}

impl<'s> Node<'s> {
    /// The values without a key, in order.
    pub fn arguments(&self) -> impl Iterator<Item = &Entry<'s>> {
        self.entries.iter().filter(|entry| entry.key.is_none())
    }

    /// The property of this name, the last one as KDL has it.
    pub fn property(&self, name: &str) -> Option<&Entry<'s>> {
        self.entries.iter().rev().find(|entry| entry.key.as_ref().is_some_and(|key| key.value == name))
    }

    /// The nodes of its block; none without one.
    pub fn children(&self) -> &[Node<'s>] {
        self.block.as_ref().map_or(&[], |block| &block.nodes)
    }
}
