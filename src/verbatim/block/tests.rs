use super::{decode, document, skim};
use crate::diagnostic::Diagnostics;
use crate::source::FileId;
use crate::verbatim::decode::any;
use crate::verbatim::{Entry, Node, Outline, Value};
use proptest::prelude::*;
use std::path::Path;

/// Whether it reads a text; fails where it reads it otherwise than the reader of all of YAML.
fn is_read(text: &str) -> bool {
    let file = FileId::new(0);
    check_skimmed(file, text);
    let Some(documents) = decode(file, text) else { return false };
    let mut found = Diagnostics::default();
    assert_eq!(documents, any(file, text, &mut found), "{text}");
    assert!(!found.any_error(), "{text}");
    true
}

/// What is skimmed can be read, and names what is read then.
fn check_skimmed(file: FileId, text: &str) {
    let Some(skimmed) = skim(text) else { return };
    let read = decode(file, text).unwrap();
    assert_eq!(skimmed.len(), read.len(), "{text}");
    for ((head, at), whole) in skimmed.iter().zip(read) {
        assert_eq!(document(file, text, at).as_ref(), Some(&whole), "{text}");
        assert_eq!(Some(head.origin(file)), whole.origin, "{text}");
        for key in ["apiVersion", "kind", "metadata"] {
            check_outline(head.whole().get(key), Outline::get(&whole, key), text);
        }
    }
}

/// Both say the same of every key and every first item.
fn check_outline(skimmed: Option<impl Outline>, read: Option<&Node>, text: &str) {
    assert_eq!(skimmed.and_then(Outline::text), read.and_then(Outline::text), "{text}");
    if let Some(Value::Map(entries)) = read.map(|read| &read.value) {
        for Entry { key, node, .. } in entries {
            check_outline(skimmed.and_then(|skimmed| skimmed.get(key)), Some(node), text);
        }
    }
    let first = read.and_then(Outline::first);
    let skimmed = skimmed.and_then(Outline::first);
    assert_eq!(skimmed.is_some(), first.is_some(), "{text}");
    if first.is_some() {
        check_outline(skimmed, first, text);
    }
}

#[test]
fn reads_what_tools_write() {
    for text in [
        "# Compiled\napiVersion: v1\nkind: X\n---\n# more\n\na:\n  b: 'c'\n",
        "a:\n- b: 1\n  c:\n  - d\n  - e: {}\n- \"f\"\nb: []\n",
        "a:\n  - b\n  -\n    x: y\n  - - c\n    - d\n  -   e: f\n      g: h\nb:",
        "\"a/b\": \"c: d # e\"\n'f': 'g'\nh/i.j-k_l: /m:n\n",
        "a: 0x10\nb: -1\nc: on\nd: ~x\ne: 1.5e3\nf: 10.0.0.1\ng: a b  c\n".replace("~x", "x~").as_str(),
        "  a: 1\n  b: 2",
        "a: 1\na: 2\n",
        "",
    ] {
        assert!(is_read(text), "{text}");
    }
}

#[test]
fn leaves_what_is_not_plain() {
    for text in [
        "a:\n-\nb\n",
        "a:\n- -\n\"b\"\n",
        "a:\n  - - \n  b\n",
        "a: |\n  b\n",
        "a: b\n  c\n",
        "a: b\n c: d\n",
        "a: &b c\n",
        "a: *b\n",
        "a: !b c\n",
        "a: {b: c}\n",
        "a: \"b\\n\"\n",
        "a: 'b''c'\n",
        "a: b # c\n",
        "a: \"b\n  c\"\n",
        "1: a\n",
        "on: a\n",
        "<<: a\n",
        "? a\n",
        "a: b: c\n",
        "a:\n  -\nb: c",
        "- a\nb: c\n",
        "a: .inf\n",
        "a:\n    b: c\n  d: e\n",
        "a\n",
        "--- a\n",
        "a: b\n...\n",
        "%YAML 1.2\n---\na: b\n",
        "a:\tb\n",
        "a: b\r\n",
        "ä: b\n",
        "  a: b\nc: d\n",
    ] {
        assert!(!is_read(text), "{text}");
    }
    assert!(!is_read(&"- ".repeat(1000)));
}

/// The files that are compiled in this repository, and what is compared with them.
#[test]
#[allow(clippy::disallowed_methods, reason = "reads the files of this repository")]
fn reads_what_we_write() {
    let (mut read, mut all) = (0, 0);
    let mut open = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("out"), "tests/diff".into(), "tests/compile".into()];
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(std::fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        } else if path.extension().is_some_and(|ending| ending == "yaml") {
            all += 1;
            read += usize::from(is_read(&std::fs::read_to_string(&path).unwrap()));
        }
    }
    // The rest is written by hand.
    assert!(read * 5 > all * 4, "{read} of {all}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn reads_as_the_other_reader_does(parts in prop::collection::vec(part(), 0..24)) {
        is_read(&parts.concat());
    }
}

fn part() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "\n",
        "\n",
        "\n  ",
        "\n  ",
        "\n    ",
        "\n",
        " ",
        "  ",
        "- ",
        "- ",
        "-",
        "a",
        "b",
        "c: ",
        "d:",
        "e: ",
        "f",
        ":",
        ": ",
        "#",
        " # x",
        "\"",
        "'",
        "\"g\"",
        "'h'",
        "{}",
        "[]",
        "1",
        "on",
        "0x1",
        ".5",
        "~",
        "---",
        "\n---\n",
        "...",
        "|",
        ">-",
        "&i",
        "*i",
        "!j",
        "<<",
        "?",
        "? ",
        "%",
        "\\",
        ",",
        "{",
        "]",
        "\"k\": ",
        "l/m.n: o",
        "kind: ",
        "metadata:\n  ",
        "\t",
        "null",
        "-1",
        "- - ",
    ])
}
