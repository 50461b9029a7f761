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
use crate::source::Span;
use printer::Printer;

/// A document in the one layout; nothing where that would say something else than the document, which would be a fault
/// of ours and must not reach a file.
pub fn format(document: &Document<'_>) -> Option<String> {
    let formatted = Printer::of(document).print();
    let mut faults = Diagnostics::default();
    let again = parse(document.file, &formatted, &mut faults);
    let says_the_same = Both { before: document, after: &again }.same_nodes(&document.nodes, &again.nodes);
    // A fault ends a node early, so that what is read of a faulty text may look like what was meant.
    let is_no_worse = !faults.any_error() || codes(&faults) == codes(&faults_of(document));
    (is_no_worse && says_the_same && comments(document) == comments(&again)).then_some(formatted)
}

fn faults_of(document: &Document<'_>) -> Diagnostics {
    let mut faults = Diagnostics::default();
    parse(document.file, document.text, &mut faults);
    faults
}

fn codes(faults: &Diagnostics) -> Vec<&'static str> {
    faults.sorted().iter().map(|fault| fault.code.name).collect()
}

/// A document before and after it was laid out.
struct Both<'d, 's, 't> {
    before: &'d Document<'s>,
    after: &'d Document<'t>,
}

impl Both<'_, '_, '_> {
    fn same_nodes(&self, a: &[Node<'_>], b: &[Node<'_>]) -> bool {
        a.len() == b.len() && a.iter().zip(b).all(|(a, b)| self.same_node(a, b))
    }

    fn same_node(&self, a: &Node<'_>, b: &Node<'_>) -> bool {
        let entries = || a.entries.iter().zip(&b.entries).all(|(a, b)| self.same_entry(a, b));
        let blocks = || a.block.is_some() == b.block.is_some() && self.same_nodes(a.children(), b.children());
        a.name.value == b.name.value
            && self.same_annotation(a.annotation, b.annotation)
            && a.entries.len() == b.entries.len()
            && entries()
            && blocks()
    }

    fn same_entry(&self, a: &Entry<'_>, b: &Entry<'_>) -> bool {
        let key = |entry: &Entry<'_>| entry.key.as_ref().map(|key| key.value.clone().into_owned());
        key(a) == key(b) && self.same_annotation(a.annotation, b.annotation) && same_value(&a.value, &b.value)
    }

    fn same_annotation(&self, a: Option<Span>, b: Option<Span>) -> bool {
        a.map(|span| self.before.slice(span)) == b.map(|span| self.after.slice(span))
    }
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
