use super::codes;
use crate::diagnostic::Diagnostics;
use crate::source::FileId;
use crate::syntax::limits::{DEPTH, FAULTS, FILE_BYTES, LIST_LENGTH, SLASHDASH_DEPTH, STRING_BYTES};
use crate::syntax::{Node, parse};

const NONE: [&str; 0] = [];

#[test]
fn a_file() {
    assert_eq!(codes(&"\n".repeat(FILE_BYTES)), NONE);
    assert_eq!(codes(&"\n".repeat(FILE_BYTES + 1)), ["file-too-large"]);
}

#[test]
fn blocks_in_blocks() {
    let nested = |depth| "a { ".repeat(depth) + &"}".repeat(depth);
    assert_eq!(codes(&nested(DEPTH)), NONE);
    assert_eq!(codes(&nested(DEPTH + 1)), ["too-deep"]);
    assert_eq!(codes(&nested(20_000)), ["too-deep"]);
}

#[test]
fn what_is_too_deep_is_left_out_and_the_rest_is_read() {
    let text = format!("{}deep {}\nlast", "a { ".repeat(DEPTH + 1), "}".repeat(DEPTH + 1));
    let mut found = Diagnostics::default();
    let document = parse(FileId::new(0), &text, &mut found);
    let depth = |node: &Node<'_>| std::iter::successors(Some(node), |node| node.children().first()).count();
    assert_eq!(document.nodes.iter().map(depth).collect::<Vec<_>>(), [DEPTH + 1, 1]);
}

#[test]
fn slashdashes_in_slashdashes() {
    let nested = |depth| "/- a { ".repeat(depth) + &"}".repeat(depth);
    assert_eq!(codes(&nested(SLASHDASH_DEPTH)), NONE);
    assert_eq!(codes(&nested(SLASHDASH_DEPTH + 1)), ["too-deep"]);
    assert_eq!(codes(&"a /-{ ".repeat(18)), ["too-deep", "kdl-syntax"]);
}

#[test]
fn strings() {
    let text = |length| "a".repeat(length);
    let written = [
        |text: String| text,
        |text: String| format!("\"{text}\""),
        |text: String| format!("#\"{text}\"#"),
        |text: String| format!("\"\"\"\n  {text}\n  \"\"\""),
        |text: String| format!("\"\\\n{text}\""),
    ];
    for write in written {
        assert_eq!(codes(&write(text(STRING_BYTES))), NONE);
        assert_eq!(codes(&write(text(STRING_BYTES + 1))), ["string-too-long"]);
        assert_eq!(codes(&format!("a key={}", write(text(STRING_BYTES + 1)))), ["string-too-long"]);
    }
    assert_eq!(codes(&format!("/{}", text(STRING_BYTES))), ["kdl-syntax", "string-too-long"]);
    assert_eq!(codes(&format!("'{}'", text(STRING_BYTES + 1))), ["string-too-long", "wrong-quotes"]);
}

#[test]
fn arguments_and_properties_of_a_node() {
    let list = |length| format!("a{}", " b".repeat(length));
    assert_eq!(codes(&list(LIST_LENGTH)), NONE);
    assert_eq!(codes(&list(LIST_LENGTH + 1)), ["list-too-long"]);
    assert_eq!(codes(&list(LIST_LENGTH + 100)), ["list-too-long"]);
    let mut found = Diagnostics::default();
    let text = list(LIST_LENGTH + 100) + "\nb";
    let document = parse(FileId::new(0), &text, &mut found);
    assert_eq!(document.nodes.iter().map(|node| node.entries.len()).collect::<Vec<_>>(), [LIST_LENGTH, 0]);
}

#[test]
fn faults() {
    assert_eq!(codes(&"}\n".repeat(FAULTS - 1)).len(), FAULTS - 1);
    assert_eq!(codes(&"}\n".repeat(FAULTS + 1)).len(), FAULTS);
    assert_eq!(codes(&"a {\n".repeat(FAULTS * 2)).len(), 2);
}
