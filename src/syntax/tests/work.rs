//! No text makes the reader look at more than a few times its bytes. This counts bytes and measures no time.

use crate::diagnostic::Diagnostics;
use crate::source::FileId;
use crate::syntax::limits::FILE_BYTES;
use crate::syntax::reader::Reader;

/// How often each byte may be looked at: as part of a word, as what may belong to it, in mending a mistake.
const TIMES: usize = 4;

/// Texts that are repeated to fill a file.
const SHAPES: [&str; 62] = [
    "{",
    "}",
    "a{",
    "a {\n",
    "a\n{\n",
    "  a {\n  }\n{",
    "a /-{ ",
    "/-",
    "/- a ",
    "a /- b",
    "/- a {",
    "(",
    ")",
    "(a)",
    "(a",
    "()",
    "a (",
    "a =\n",
    "=",
    "a=",
    "a a=1 ",
    " a=1",
    "a==",
    "[",
    "[a ",
    "a [b\n",
    "]",
    "'",
    "'a ",
    "a 'b\n",
    "“a ",
    "a “",
    "\"",
    "\" ",
    "\"\n",
    "a \"b\n",
    "\"\\\n",
    "\"\\\n\\\"",
    "\\",
    "\\\n",
    "\\a",
    "a \\",
    "#",
    "##\"",
    "#\"",
    "#\"\n",
    "\"\"\"",
    "\"\"\"\n",
    "#\"\"\"\n",
    "a #b ",
    "/*",
    "/*a*/",
    "*/",
    "//",
    "/",
    "a/",
    "https://",
    "$",
    "${",
    "a ${b",
    "a: ",
    "\u{200B}",
];

/// Texts that are repeated after a beginning.
const LONG: [(&str, &str); 18] = [
    ("a \"", "b"),
    ("a \"", "\\u{0}"),
    ("a \"", "\\q"),
    ("a \"", "\\ "),
    ("a \"\"\"\n", "b\n"),
    ("a \"\"\"\n", "\\\n"),
    ("a \"\"\"\n", "\"\""),
    ("a #\"\"\"\n", "\"\"\" "),
    ("a ###\"", "\"##"),
    ("a ", "1"),
    ("a 0x", "f"),
    ("a 1.", "0"),
    ("a 1", ","),
    ("a /", "b{c}"),
    ("a b", "é"),
    ("a", ";"),
    ("a", " \u{3000}"),
    ("a ", "/* b */ "),
];

#[test]
fn hostile_texts_are_read_in_linear_work() {
    let repeated = |begin: &str, part: &str| begin.to_owned() + &part.repeat((FILE_BYTES - begin.len()) / part.len());
    let mut texts: Vec<String> = SHAPES.iter().map(|shape| repeated("", shape)).collect();
    texts.extend(LONG.iter().map(|(begin, part)| repeated(begin, part)));
    texts
        .push((0..).map(|number| format!(" k{number}=1")).take(20_000).fold("a".to_owned(), |text, part| text + &part));
    texts.push(format!("a {{\n{}{}", " ".repeat(FILE_BYTES / 2), "b;".repeat(FILE_BYTES / 4 - 8)));
    for text in texts {
        let work = work(&text);
        let begin: String = text.chars().take(16).collect();
        assert!(work <= TIMES * FILE_BYTES, "{begin:?}: {work} bytes looked at in {}", text.len());
    }
}

/// How many bytes the reader looks at in `text`.
fn work(text: &str) -> usize {
    let mut found = Diagnostics::default();
    let mut reader = Reader::new(FileId::new(0), text, &mut found);
    reader.report_hidden();
    drop(reader.read());
    reader.cursor.work.get() + text.len()
}
