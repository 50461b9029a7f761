//! The faults that the reader reports, one constructor each: what it says, why, and the edit that mends it.

mod limits;
mod names;
mod quoting;
mod strings;
mod structure;
mod values;

pub use limits::file_too_large;
pub(in crate::syntax) use limits::{list_too_long, slashdash_too_deep, string_too_long, too_deep};
pub(in crate::syntax) use names::{
    annotation_before_key, annotation_without_value, colon_after_name, colon_for_equals, duplicate_property,
    empty_annotation, name_not_text, property_without_value, slashdash_before_value, stray_equals, unclosed_annotation,
};
pub(in crate::syntax) use quoting::{
    bare_url, bare_variable, bare_word, brackets, hash_comment, hidden_character, wrong_quotes,
};
pub(in crate::syntax) use strings::{
    escape, hashes_without_quote, old_raw_string, text_after_opening, text_before_closing, unclosed_multi_line,
    unclosed_string, uneven_line,
};
pub(in crate::syntax) use structure::{
    after_block, brace_without_node, nothing_to_remove, property_after_block, second_block, space_before,
    stray_backslash, stray_brace, stray_mark, stray_semicolon, unclosed_block, unclosed_comment,
};
pub(in crate::syntax) use values::{bare_keyword, leading_zero, not_a_number, number_out_of_range, unknown_keyword};

use crate::code;
use crate::diagnostic::Code;

/// Every code of this folder.
pub static CODES: &[&Code] = &[
    &KDL_SYNTAX,
    &DUPLICATE_PROPERTY,
    &HIDDEN_CHARACTER,
    &NUL_CHARACTER,
    &NUMBER_OUT_OF_RANGE,
    &LEADING_ZERO,
    &WRONG_QUOTES,
    &COLON_AFTER_NAME,
    &BARE_URL,
    &BARE_VARIABLE,
    &TOO_DEEP,
    &STRING_TOO_LONG,
    &LIST_TOO_LONG,
    &FILE_TOO_LARGE,
];

/// The text is not KDL 2.0.
pub static KDL_SYNTAX: Code = code!("kdl-syntax", Error, "the text is not KDL 2.0");
/// A property is set twice in one node.
pub static DUPLICATE_PROPERTY: Code = code!("duplicate-property", Error, "a property is set twice in one node");
/// A character that nobody sees.
pub static HIDDEN_CHARACTER: Code = code!("hidden-character", Error, "a character that nobody sees");
/// An escape for NUL.
pub static NUL_CHARACTER: Code = code!("nul-character", Error, "a string holds NUL");
/// A number that no number type here holds.
pub static NUMBER_OUT_OF_RANGE: Code =
    code!("number-out-of-range", Error, "a number is too large or too small to be held");
/// A number with a zero before its digits.
pub static LEADING_ZERO: Code = code!("leading-zero", Error, "a number begins with a zero that has no meaning");
/// Quotes that KDL takes for letters.
pub static WRONG_QUOTES: Code = code!("wrong-quotes", Error, "quotes that KDL takes for letters");
/// A colon after a name, as in YAML.
pub static COLON_AFTER_NAME: Code = code!("colon-after-name", Error, "a colon stands after a name, as in YAML");
/// A URL without quotes, most of which is a comment.
pub static BARE_URL: Code = code!("bare-url", Error, "a URL without quotes, which `//` turns into a comment");
/// A variable without quotes, half of which is a block.
pub static BARE_VARIABLE: Code =
    code!("bare-variable", Error, "a variable without quotes, which `{` turns into a block");
/// Blocks in blocks, or slashdashes in slashdashes, beyond the limit.
pub static TOO_DEEP: Code = code!("too-deep", Error, "more nesting than the limit");
/// A string beyond the limit.
pub static STRING_TOO_LONG: Code = code!("string-too-long", Error, "a string is longer than the limit");
/// A node with more entries than the limit.
pub static LIST_TOO_LONG: Code =
    code!("list-too-long", Error, "a node has more arguments and properties than the limit");
/// A file beyond the limit.
pub static FILE_TOO_LARGE: Code = code!("file-too-large", Error, "a file is larger than the limit");

/// A user's words as a title shows them: the beginning, if they are many.
fn shown(text: &str) -> String {
    const MOST: usize = 40;
    match text.char_indices().nth(MOST) {
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or(text)),
        None => text.to_owned(),
    }
}

/// `text` as a string of KDL: raw where it holds what would need escapes.
fn quoted(text: &str) -> String {
    if !text.contains(['\\', '"']) {
        return format!("\"{text}\"");
    }
    let mut hashes = "#".to_owned();
    while text.contains(&format!("\"{hashes}")) {
        hashes.push('#');
    }
    format!("{hashes}\"{text}\"{hashes}")
}
