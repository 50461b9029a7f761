use crate::diagnostic::Diagnostics;
use crate::source::FileId;
use crate::syntax::{Document, PieceKind, Value, parse};
use std::borrow::Cow;

fn read(text: &str) -> Document<'_> {
    let mut found = Diagnostics::default();
    let document = parse(FileId::new(0), text, &mut found);
    assert!(found.is_empty(), "{found:?}");
    document
}

#[test]
fn every_element_has_its_place() {
    let document = read("\n(t)\"a b\" 1 key = (u)\"v\" { c; }  // end");
    let [node] = &document.nodes[..] else { panic!("{document:?}") };
    assert_eq!(document.slice(node.span), "(t)\"a b\" 1 key = (u)\"v\" { c; }");
    assert_eq!(node.annotation.map(|span| document.slice(span)), Some("(t)"));
    assert_eq!((&*node.name.value, document.slice(node.name.span)), ("a b", "\"a b\""));
    let [one, key] = &node.entries[..] else { panic!("{node:?}") };
    assert_eq!((document.slice(one.span), &one.value), ("1", &Value::Integer(1)));
    assert_eq!(document.slice(key.span), "key = (u)\"v\"");
    assert_eq!(key.key.as_ref().map(|key| document.slice(key.span)), Some("key"));
    assert_eq!(key.annotation.map(|span| document.slice(span)), Some("(u)"));
    assert_eq!(document.slice(key.value_span), "\"v\"");
    assert_eq!(node.block.as_ref().map(|block| document.slice(block.span)), Some("{ c; }"));
}

#[test]
fn a_node_ends_with_its_last_entry() {
    let document = read("a b /- c // d\ne /-{ f }\n");
    assert_eq!(document.nodes.iter().map(|node| document.slice(node.span)).collect::<Vec<_>>(), ["a b", "e"]);
}

#[test]
fn what_a_string_says_is_the_text_itself_where_it_can_be() {
    let document = read("a \"b\" #\"c\"# d \"e\\n\"");
    let borrowed = |value: &Value<'_>| matches!(value, Value::String(Cow::Borrowed(_)));
    assert_eq!(
        document.nodes[0].entries.iter().map(|entry| borrowed(&entry.value)).collect::<Vec<_>>(),
        [true, true, true, false]
    );
}

#[test]
fn the_last_of_two_properties_counts() {
    let mut found = Diagnostics::default();
    let document = parse(FileId::new(0), "a k=1 k=2", &mut found);
    assert_eq!(document.nodes[0].entries.len(), 2);
    assert_eq!(document.nodes[0].property("k").map(|entry| &entry.value), Some(&Value::Integer(2)));
    let fault = found.sorted()[0];
    let places = [fault.primary.as_ref(), fault.related.first()].map(|label| label.map(|label| label.span.start));
    assert_eq!(places, [Some(6), Some(2)]);
}

#[test]
fn the_gap_between_two_nodes_is_told_apart() {
    let text = "a; // one\n\n/* two */ /- b { c }\n\\\nd";
    let document = read(text);
    let [a, d] = &document.nodes[..] else { panic!("{document:?}") };
    let kinds = document.gap(a.span.end, d.span.start).iter().map(|piece| piece.kind).collect::<Vec<_>>();
    let expected = [
        PieceKind::Semicolon,
        PieceKind::Space,
        PieceKind::LineComment,
        PieceKind::Newline,
        PieceKind::Newline,
        PieceKind::BlockComment,
        PieceKind::Space,
        PieceKind::Slashdash,
        PieceKind::Newline,
        PieceKind::Continuation,
        PieceKind::Newline,
    ];
    assert_eq!(kinds, expected);
}

#[test]
fn pieces_name_every_element() {
    let document = read("\u{FEFF}(t)a b=1 {\n}");
    let kinds = document.pieces().iter().map(|piece| piece.kind).collect::<Vec<_>>();
    let expected = [
        PieceKind::ByteOrderMark,
        PieceKind::Annotation,
        PieceKind::Name,
        PieceKind::Space,
        PieceKind::Key,
        PieceKind::Equals,
        PieceKind::Value,
        PieceKind::Space,
        PieceKind::Open,
        PieceKind::Newline,
        PieceKind::Close,
    ];
    assert_eq!(kinds, expected);
}

#[test]
fn what_a_slashdash_removes_in_what_another_removes_is_one_piece() {
    let document = read("/- a /- 1\nb");
    let removed: Vec<_> = document.removed.iter().map(|span| document.slice(*span)).collect();
    assert_eq!(removed, ["/- a /- 1"]);
}
