//! Escapes inside strings.

use super::character::{is_newline, is_space};

/// What is wrong with an escape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mistake {
    /// No escape of KDL.
    Unknown,
    /// `\u` without one to six hexadecimal digits in braces.
    Digits,
    /// The digits are no character of Unicode.
    Character,
    /// The character is NUL, which no string of Istio's or Kubernetes' can hold.
    Nul,
}

/// The text of `body` with its escapes resolved. `tell` hears where a mistaken escape begins, its length and why;
/// such an escape stays in the text as it was written.
pub(super) fn resolve(body: &str, mut tell: impl FnMut(usize, usize, Mistake)) -> String {
    let mut text = String::with_capacity(body.len());
    let mut rest = body;
    while let Some((before, escape)) = rest.split_once('\\') {
        text.push_str(before);
        let at = body.len() - escape.len() - 1;
        let (length, meaning) = one(escape);
        match meaning {
            Ok(Some(character)) => text.push(character),
            Ok(None) => {}
            Err(mistake) => {
                text.push_str(body.get(at..at + 1 + length).unwrap_or(""));
                tell(at, length + 1, mistake);
            }
        }
        rest = escape.get(length..).unwrap_or("");
    }
    text.push_str(rest);
    text
}

/// What follows a `\`: how many bytes of it belong to the escape, and the character it stands for, if it does for one.
fn one(escape: &str) -> (usize, Result<Option<char>, Mistake>) {
    let Some(first) = escape.chars().next() else { return (0, Err(Mistake::Unknown)) };
    let character = match first {
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        '\\' => '\\',
        '"' => '"',
        'b' => '\u{8}',
        'f' => '\u{C}',
        's' => ' ',
        'u' => {
            let (length, meaning) = unicode(escape.get(1..).unwrap_or(""));
            return (1 + length, meaning.map(Some));
        }
        other if is_space(other) || is_newline(other) => return (spaces(escape), Ok(None)),
        other => return (other.len_utf8(), Err(Mistake::Unknown)),
    };
    (1, Ok(Some(character)))
}

/// What follows `\u`.
fn unicode(text: &str) -> (usize, Result<char, Mistake>) {
    let Some(braced) = text.strip_prefix('{') else { return (0, Err(Mistake::Digits)) };
    let digits = braced.bytes().take(7).take_while(u8::is_ascii_hexdigit).count();
    let closed = braced.as_bytes().get(digits) == Some(&b'}');
    let length = 1 + digits + usize::from(closed);
    if !closed || !(1..=6).contains(&digits) {
        return (length, Err(Mistake::Digits));
    }
    let number = braced.get(..digits).and_then(|digits| u32::from_str_radix(digits, 16).ok());
    match number.and_then(char::from_u32) {
        Some('\0') => (length, Err(Mistake::Nul)),
        Some(character) => (length, Ok(character)),
        None => (length, Err(Mistake::Character)),
    }
}

/// The bytes of space and ends of lines that `text` begins with: a `\` takes them all away.
pub(super) fn spaces(text: &str) -> usize {
    text.len() - text.trim_start_matches(|found| is_space(found) || is_newline(found)).len()
}
