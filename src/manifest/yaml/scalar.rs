//! Strings and whole numbers as YAML scalars.

use crate::source::is_usual;
use std::ops::RangeInclusive;

/// Appends `text`, plain where every reader takes that for the same string, else in double quotes.
pub(super) fn push_text(out: &mut Vec<u8>, text: &str) {
    if is_plain(text) {
        out.extend_from_slice(text.as_bytes());
    } else {
        push_quoted(out, text);
    }
}

/// Appends `text` in double quotes, with those escapes alone that JSON and every YAML share, but `\U` for characters
/// that are to be seen and lie beyond `\u`.
pub(super) fn push_quoted(out: &mut Vec<u8>, text: &str) {
    out.push(b'"');
    let mut copied = 0;
    for (at, character) in text.char_indices() {
        if is_bare(character) {
            continue;
        }
        out.extend_from_slice(text.as_bytes().get(copied..at).unwrap_or_default());
        copied = at + character.len_utf8();
        push_escape(out, character);
    }
    out.extend_from_slice(text.as_bytes().get(copied..).unwrap_or_default());
    out.push(b'"');
}

/// The characters that do not stand for themselves in double quotes: those that some reader refuses, folds or drops
/// (controls, line breaks of YAML 1.1, byte order marks) and those that nobody sees (no-break and zero-width spaces,
/// marks that turn the writing direction, variation selectors, tags, private use).
const ESCAPED: [RangeInclusive<char>; 14] = [
    '\u{0}'..='\u{1f}',
    '"'..='"',
    '\\'..='\\',
    '\u{7f}'..='\u{a0}',
    '\u{ad}'..='\u{ad}',
    '\u{61c}'..='\u{61c}',
    '\u{115f}'..='\u{1160}',
    '\u{200b}'..='\u{200f}',
    '\u{2028}'..='\u{202e}',
    '\u{2060}'..='\u{206f}',
    '\u{e000}'..='\u{f8ff}',
    '\u{fe00}'..='\u{fe0f}',
    '\u{feff}'..='\u{feff}',
    '\u{e0000}'..='\u{10ffff}',
];

fn is_bare(character: char) -> bool {
    // The last two code points of each plane, and those before U+FFFC, are no characters.
    let no_character = u32::from(character) & 0xfffe == 0xfffe || ('\u{fff0}'..='\u{fffb}').contains(&character);
    !no_character && !ESCAPED.iter().any(|range| range.contains(&character))
}

fn push_escape(out: &mut Vec<u8>, character: char) {
    let code = u32::from(character);
    match character {
        '"' => out.extend_from_slice(b"\\\""),
        '\\' => out.extend_from_slice(b"\\\\"),
        '\n' => out.extend_from_slice(b"\\n"),
        '\r' => out.extend_from_slice(b"\\r"),
        '\t' => out.extend_from_slice(b"\\t"),
        '\u{0}'..='\u{ffff}' => out.extend_from_slice(format!("\\u{code:04x}").as_bytes()),
        _ => out.extend_from_slice(format!("\\U{code:08x}").as_bytes()),
    }
}

/// May stand in a plain string.
const ANY: u8 = 1;
/// May begin one.
const FIRST: u8 = 1 << 1;
/// Stands in no number and no date of any YAML, so that what begins with a digit and holds it is a string.
const PROOF: u8 = 1 << 2;
/// Only in what does not begin with a digit.
const WORDS: u8 = 1 << 3;
/// A space: neither last nor together with a colon.
const SPACE: u8 = 1 << 4;
/// A colon: only before a letter, a digit or a slash, so that it never ends a key.
const COLON: u8 = 1 << 5;
const DIGIT: u8 = 1 << 6;

const CLASSES: [u8; 256] = classes();

#[expect(clippy::indexing_slicing, reason = "evaluated by the compiler, which refuses an index out of bounds")]
const fn classes() -> [u8; 256] {
    let mut table = [0; 256];
    let mut byte: u8 = 0;
    while byte < 128 {
        table[byte as usize] = match byte {
            // Digits of base 16 and marks of bases and exponents.
            b'a'..=b'f' | b'A'..=b'F' | b'o' | b'O' | b'x' | b'X' => ANY | FIRST,
            b'a'..=b'z' | b'A'..=b'Z' | b'/' => ANY | FIRST | PROOF,
            b'0'..=b'9' => ANY | DIGIT,
            b'.' | b'_' | b'-' => ANY,
            b',' | b'=' => ANY | WORDS,
            b' ' => ANY | WORDS | SPACE,
            b':' => ANY | WORDS | COLON,
            _ => 0,
        };
        byte += 1;
    }
    table
}

fn class(byte: u8) -> u8 {
    CLASSES.get(usize::from(byte)).copied().unwrap_or_default()
}

/// Whether `text` without quotes is the same string to every reader of YAML 1.1, of YAML 1.2 and of Kubernetes.
pub(super) fn is_plain(text: &str) -> bool {
    let bytes = text.as_bytes();
    let Some((&first, rest)) = bytes.split_first() else { return false };
    if class(first) & FIRST != 0 && is_usual(bytes) {
        return !is_reserved(text);
    }
    let (all, any) = bytes.iter().fold((u8::MAX, 0), |(all, any), &byte| (all & class(byte), any | class(byte)));
    if all & ANY == 0 {
        return false;
    }
    if class(first) & FIRST != 0 {
        return (any & (SPACE | COLON) == 0 || separates_words(bytes, any)) && !is_reserved(text);
    }
    let based = first == b'0' && rest.first().is_some_and(|mark| b"xXoObB".contains(mark));
    class(first) & DIGIT != 0 && any & PROOF != 0 && any & WORDS == 0 && !based
}

/// Whether the spaces and colons of a plain string end neither it nor a key.
fn separates_words(bytes: &[u8], any: u8) -> bool {
    if any & COLON == 0 {
        return bytes.last() != Some(&b' ');
    }
    any & SPACE == 0
        && bytes.last() != Some(&b':')
        && bytes.windows(2).all(|pair| match pair {
            [b':', next] => next.is_ascii_alphanumeric() || *next == b'/',
            _ => true,
        })
}

/// The words of so many letters that YAML 1.1, YAML 1.2, or the number syntax of some language reads as something else
/// than a string.
fn reserved(letters: usize) -> &'static [&'static str] {
    match letters {
        1 => &["y", "n"],
        2 => &["no", "on"],
        3 => &["yes", "off", "nan", "inf"],
        4 => &["null", "true"],
        5 => &["false"],
        8 => &["infinity"],
        _ => &[],
    }
}

pub(super) fn is_reserved(text: &str) -> bool {
    let begins = |word: &str| word.bytes().next() == text.bytes().next().map(|first| first | 0x20);
    reserved(text.len()).iter().any(|word| begins(word) && word.eq_ignore_ascii_case(text))
}

/// Appends a whole number.
pub(super) fn push_integer(out: &mut Vec<u8>, negative: bool, mut magnitude: u64) {
    let mut digits = [0; 20];
    let mut length = 0;
    for place in digits.iter_mut().rev() {
        *place = b'0' + u8::try_from(magnitude % 10).unwrap_or_default();
        magnitude /= 10;
        length += 1;
        if magnitude == 0 {
            break;
        }
    }
    if negative {
        out.push(b'-');
    }
    out.extend_from_slice(digits.get(digits.len() - length..).unwrap_or_default());
}
