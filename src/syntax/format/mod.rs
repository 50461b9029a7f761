//! The one layout of a document: four spaces a block, a node a line, at most one blank line; comments stay.
//!
//! Words, their order and their quotes are the author's. What stood on one line between braces stays on one line, what
//! stood on several stays on several.

mod printer;
mod text;

use super::document::{Document, Entry, Node, Value};
use super::parse;
use super::piece::PieceKind;
use crate::diagnostic::Diagnostics;
use printer::Printer;

/// A document in the one layout; nothing where that would say something else than the document, which would be a fault
/// of ours and must not reach a file.
pub fn format(document: &Document<'_>) -> Option<String> {
    let formatted = Printer::of(document).print();
    let again = parse(document.file, &formatted, &mut Diagnostics::default());
    (same_nodes(&document.nodes, &again.nodes) && comments(document) == comments(&again)).then_some(formatted)
}

fn same_nodes(a: &[Node<'_>], b: &[Node<'_>]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same_node(a, b))
}

fn same_node(a: &Node<'_>, b: &Node<'_>) -> bool {
    let entries = a.entries.len() == b.entries.len() && a.entries.iter().zip(&b.entries).all(|(a, b)| same_entry(a, b));
    let blocks = a.block.is_some() == b.block.is_some() && same_nodes(a.children(), b.children());
    a.name.value == b.name.value && a.annotation.is_some() == b.annotation.is_some() && entries && blocks
}

fn same_entry(a: &Entry<'_>, b: &Entry<'_>) -> bool {
    let key = |entry: &Entry<'_>| entry.key.as_ref().map(|key| key.value.clone().into_owned());
    key(a) == key(b) && a.annotation.is_some() == b.annotation.is_some() && same_value(&a.value, &b.value)
}

fn same_value(a: &Value<'_>, b: &Value<'_>) -> bool {
    match (a, b) {
        (Value::Decimal(a), Value::Decimal(b)) => a.to_bits() == b.to_bits(),
        _ => a == b,
    }
}

/// The words of every comment and of everything that is removed, in order.
fn comments(document: &Document<'_>) -> Vec<String> {
    let kinds = [PieceKind::LineComment, PieceKind::BlockComment, PieceKind::Slashdash];
    let kept = document.pieces().into_iter().filter(|piece| kinds.contains(&piece.kind));
    kept.map(|piece| document.slice(piece.span).split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}
