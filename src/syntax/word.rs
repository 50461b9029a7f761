//! Values: bare words, what is quoted, keywords; and what people write bare that KDL does not take so.

use super::document::Value;
use super::entry::Read;
use super::number::{self, is_number_like};
use super::reader::Reader;
use super::{faults, limits};
use std::borrow::Cow;

/// What a value is read for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// A node's name.
    Name,
    /// An argument, or the name or value of a property.
    Entry,
    /// The text of a type annotation.
    Annotation,
}

impl<'s> Reader<'s, '_> {
    /// Reads a value. What cannot be one is passed, at least one byte of it, and reported.
    #[inline]
    pub(super) fn value(&mut self, place: Place) -> Option<Read<'s>> {
        match self.cursor.peek()? {
            b'"' => self.quoted(),
            b'#' if matches!(self.cursor.byte(1), Some(b'"' | b'#')) => self.raw(),
            b'#' => self.keyword(place),
            b'r' if matches!(self.cursor.byte(1), Some(b'"' | b'#')) => self.old_raw(),
            b'[' => self.bracketed(),
            b')' | b']' | b'=' | b'\\' => {
                let start = self.cursor.at;
                self.cursor.at += 1;
                self.report(faults::stray_mark(&self.cursor, start));
                None
            }
            _ => self.word(place),
        }
    }

    /// Reads a bare word.
    #[inline]
    fn word(&mut self, place: Place) -> Option<Read<'s>> {
        let start = self.cursor.at;
        let end = self.cursor.word_end(start);
        if self.runs_on(start, end, place) {
            return Some(self.loose_word(start));
        }
        self.cursor.at = end;
        let text = self.cursor.slice(start, end);
        let span = self.cursor.span_from(start);
        let value = match text.as_bytes().first() {
            Some(b'0'..=b'9' | b'+' | b'-' | b'.') if is_number_like(text) => self.number(text, start),
            Some(b't' | b'f' | b'n' | b'i' | b'-') if keyword_value(text).is_some() => {
                let name = place != Place::Entry || self.cursor.peek() == Some(b'=');
                self.report(faults::bare_keyword(span, text, name));
                if name { Value::String(Cow::Borrowed(text)) } else { keyword_value(text)? }
            }
            Some(b'\'' | 0xE2) => return Some(self.wrong_quotes(text, start)),
            Some(_) | None => {
                self.check_length(text.len(), start);
                Value::String(Cow::Borrowed(text))
            }
        };
        Some(Read { value, span, bare: true })
    }

    /// Whether what follows a word belongs to it in the mind of who wrote it, though KDL ends the word there.
    fn runs_on(&self, start: usize, end: usize, place: Place) -> bool {
        let after = self.cursor.text.as_bytes().get(end..).unwrap_or(&[]);
        match after {
            [b'/', b'/', next, ..] => self.cursor.slice(start, end).ends_with(':') && !next.is_ascii_whitespace(),
            [b'/', b'/'] => false,
            [b'/', b'*', ..] => end == start,
            [b'/' | b'(' | b'[' | b']' | b'#', ..] => true,
            [b')', ..] => place != Place::Annotation,
            [b'\\', ..] => {
                self.cursor.space_at(end + 1) + self.cursor.newline_at(end + 1) == 0
                    && !matches!(after, [_] | [_, b'/', b'/' | b'*', ..])
            }
            [b'{', ..] => self.cursor.slice(start, end).ends_with('$') && self.brace_in_word(end).is_some(),
            _ => false,
        }
    }

    /// Where `{...}` ends that stands inside a word, as in `${name}` or `/users/{id}`.
    fn brace_in_word(&self, brace: usize) -> Option<usize> {
        let end = self.cursor.word_end(brace + 1);
        (self.cursor.text.as_bytes().get(end) == Some(&b'}')).then_some(end + 1)
    }

    /// Reads a word that had to be quoted, to where its author ended it.
    fn loose_word(&mut self, start: usize) -> Read<'s> {
        let mut end = start;
        loop {
            end = self.cursor.word_end(end);
            let text = self.cursor.slice(start, end);
            match self.cursor.text.as_bytes().get(end) {
                Some(b'{') => match self.brace_in_word(end) {
                    Some(after) => end = after,
                    None => break,
                },
                Some(b'=') if text.starts_with('/') || text.get(..8).unwrap_or(text).contains("://") => end += 1,
                Some(b'/' | b'\\' | b'(' | b')' | b'[' | b']' | b'#') => end += 1,
                Some(_) | None => break,
            }
        }
        self.cursor.at = end;
        let text = self.cursor.slice(start, end);
        let span = self.cursor.span_from(start);
        let comment = text.split_once("//").is_some_and(|(before, _)| before.ends_with(':'));
        self.report(match text.contains("${") && !text.contains(['/', '\\', '(', ')', '[', ']', '#']) {
            true => faults::bare_variable(span, text),
            false if comment => faults::bare_url(span, text),
            false => faults::bare_word(span, text),
        });
        self.check_length(text.len(), start);
        Read { value: Value::String(Cow::Borrowed(text)), span, bare: false }
    }

    /// Reads what begins as a number.
    #[inline]
    fn number(&mut self, text: &'s str, start: usize) -> Value<'s> {
        let span = self.cursor.span_from(start);
        let Some(read) = number::read(text) else {
            self.report(faults::not_a_number(span, text));
            return Value::String(Cow::Borrowed(text));
        };
        if !read.in_range {
            self.report(faults::number_out_of_range(span, text));
        }
        if read.leading_zero {
            self.report(faults::leading_zero(span, text));
        }
        read.value
    }

    /// Reads `#true` and the like.
    fn keyword(&mut self, place: Place) -> Option<Read<'s>> {
        let start = self.cursor.at;
        let end = self.cursor.word_end(start + 1);
        let word = self.cursor.slice(start + 1, end);
        if let Some(value) = keyword_value(word) {
            self.cursor.at = end;
            return Some(Read { value, span: self.cursor.span_from(start), bare: false });
        }
        if place == Place::Name || word.is_empty() {
            self.cursor.at = self.cursor.line_end(start);
            self.report(faults::hash_comment(self.cursor.span(start, start + 1)));
            return None;
        }
        self.cursor.at = end;
        self.report(faults::unknown_keyword(self.cursor.span_from(start), word));
        None
    }

    /// Reads a raw string as KDL 1 wrote it: `r"text"`, `r#"text"#`.
    fn old_raw(&mut self) -> Option<Read<'s>> {
        let start = self.cursor.at;
        self.cursor.at += 1;
        let letter = self.cursor.span_from(start);
        if self.cursor.peek() == Some(b'#') {
            self.report(faults::old_raw_string(letter, letter, ""));
            return self.raw();
        }
        let line = self.cursor.line_ahead(start + 2);
        let Some(length) = line.find('"') else { return self.quoted() };
        let inside = self.cursor.slice(start + 2, start + 2 + length);
        self.cursor.at = start + 2 + length + 1;
        let span = self.cursor.span_from(start);
        self.report(faults::old_raw_string(letter, span, &format!("#\"{inside}\"#")));
        Some(self.string(Cow::Borrowed(inside), start))
    }

    /// Reads a list in brackets, of which KDL has none.
    fn bracketed(&mut self) -> Option<Read<'s>> {
        let start = self.cursor.at;
        let line = self.cursor.line_ahead(start);
        let length = line.find(']').map_or(1, |at| at + 1);
        self.cursor.at = start + length;
        self.report(faults::brackets(self.cursor.span_from(start), self.cursor.slice(start, self.cursor.at)));
        None
    }

    /// Reads a word in quotes that KDL takes for letters: `'text'`, `“text”`.
    fn wrong_quotes(&mut self, text: &'s str, start: usize) -> Read<'s> {
        let span = self.cursor.span_from(start);
        let Some(close) = text.chars().next().and_then(closing_quote) else {
            self.check_length(text.len(), start);
            return Read { value: Value::String(Cow::Borrowed(text)), span, bare: true };
        };
        let (open, end) = (text.chars().next().map_or(0, char::len_utf8), start + text.len());
        // The word ends with the quote, or the quote comes later: one inside the word is an apostrophe.
        let ends_here = text.get(open..).is_some_and(|rest| rest.ends_with(close));
        let (close_at, after) =
            match self.cursor.line_ahead(end).char_indices().find(|(_, found)| close.contains(found)) {
                _ if ends_here => (end - text.chars().next_back().map_or(0, char::len_utf8), end),
                Some((at, found)) => (end + at, end + at + found.len_utf8()),
                None => {
                    self.report(faults::wrong_quotes(span, text, None));
                    return Read { value: Value::String(Cow::Borrowed(text)), span, bare: false };
                }
            };
        let inside = self.cursor.slice(start + open, close_at);
        self.cursor.at = after;
        let span = self.cursor.span_from(start);
        self.report(faults::wrong_quotes(span, self.cursor.slice(start, after), Some(inside)));
        self.check_length(inside.len(), start);
        Read { value: Value::String(Cow::Borrowed(inside)), span, bare: false }
    }

    /// Says so if a string is longer than allowed.
    #[inline]
    pub(super) fn check_length(&mut self, length: usize, start: usize) {
        if length > limits::STRING_BYTES {
            self.report(faults::string_too_long(self.cursor.span_from(start), length));
        }
    }
}

/// What a keyword means, without its `#`.
fn keyword_value(word: &str) -> Option<Value<'static>> {
    match word {
        "true" => Some(Value::Boolean(true)),
        "false" => Some(Value::Boolean(false)),
        "null" => Some(Value::Null),
        "inf" => Some(Value::Decimal(f64::INFINITY)),
        "-inf" => Some(Value::Decimal(f64::NEG_INFINITY)),
        "nan" => Some(Value::Decimal(f64::NAN)),
        _ => None,
    }
}

/// The characters that can end what a quote begins which is none to KDL.
fn closing_quote(open: char) -> Option<&'static [char]> {
    match open {
        '\'' => Some(&['\'']),
        '\u{201C}' | '\u{201D}' | '\u{201E}' => Some(&['\u{201C}', '\u{201D}']),
        '\u{2018}' | '\u{2019}' | '\u{201A}' => Some(&['\u{2018}', '\u{2019}']),
        _ => None,
    }
}
