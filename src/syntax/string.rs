//! Strings in quotes on one line, with escapes or raw.

use super::document::Value;
use super::entry::Read;
use super::escape;
use super::faults;
use super::reader::Reader;
use std::borrow::Cow;
use std::ops::Range;

impl<'s> Reader<'s, '_> {
    /// Reads a string that begins with `"`.
    pub(super) fn quoted(&mut self) -> Option<Read<'s>> {
        if self.cursor.starts_with("\"\"\"") {
            return self.multi_line(0);
        }
        let start = self.cursor.at;
        let mut escaped = false;
        let mut at = start + 1;
        let bytes = self.cursor.text.as_bytes();
        loop {
            match bytes.get(at) {
                Some(b'"') => break,
                Some(b'\\') => {
                    escaped = true;
                    at = self.after_backslash(at);
                }
                Some(b'\n' | b'\r' | 0x0B | 0x0C) | None => return Some(self.unclosed(start, start + 1..at, "\"")),
                Some(0xC2 | 0xE2) if self.cursor.newline_at(at) > 0 => {
                    return Some(self.unclosed(start, start + 1..at, "\""));
                }
                Some(_) => at += 1,
            }
        }
        self.cursor.count(at - start);
        self.cursor.at = at + 1;
        let body = self.cursor.slice(start + 1, at);
        let value = if escaped { Cow::Owned(self.unescape(body, start + 1)) } else { Cow::Borrowed(body) };
        Some(self.string(value, start))
    }

    /// Reads a string that begins with `#"`, or with more `#`.
    pub(super) fn raw(&mut self) -> Option<Read<'s>> {
        let start = self.cursor.at;
        let hashes = self.cursor.rest().bytes().take_while(|&byte| byte == b'#').count();
        self.cursor.count(hashes);
        let quote = start + hashes;
        if self.cursor.text.as_bytes().get(quote) != Some(&b'"') {
            self.cursor.at = quote;
            self.report(faults::hashes_without_quote(self.cursor.span_from(start)));
            return None;
        }
        if self.cursor.slice(quote, quote + 3) == "\"\"\"" {
            return self.multi_line(hashes);
        }
        let mut at = quote + 1;
        let bytes = self.cursor.text.as_bytes();
        loop {
            match bytes.get(at) {
                Some(b'"') => {
                    let found = self.hashes_at(at + 1, hashes);
                    if found == hashes {
                        break;
                    }
                    at += 1 + found;
                }
                Some(_) if self.cursor.newline_at(at) == 0 => at += 1,
                Some(_) | None => {
                    let close = format!("\"{}", "#".repeat(hashes));
                    return Some(self.unclosed(start, quote + 1..at, &close));
                }
            }
        }
        self.cursor.count(at - quote);
        self.cursor.at = at + 1 + hashes;
        Some(self.string(Cow::Borrowed(self.cursor.slice(quote + 1, at)), start))
    }

    /// How many `#` stand at `at`, `most` at most.
    pub(super) fn hashes_at(&self, at: usize, most: usize) -> usize {
        let rest = self.cursor.text.as_bytes().get(at..).unwrap_or(&[]);
        rest.iter().take(most).take_while(|&&byte| byte == b'#').count()
    }

    /// Where reading goes on after the escape whose `\` is at `at`.
    pub(super) fn after_backslash(&self, at: usize) -> usize {
        let mut end = at + 1;
        loop {
            match self.cursor.space_at(end) + self.cursor.newline_at(end) {
                0 => break,
                length => end += length,
            }
        }
        if end > at + 1 {
            return end;
        }
        end + self.cursor.character_at(end).map_or(0, char::len_utf8)
    }

    /// The text of `body`, which begins at `offset`, with its escapes resolved; those that KDL lacks are reported.
    pub(super) fn unescape(&mut self, body: &str, offset: usize) -> String {
        let mut mistakes = Vec::new();
        let text = escape::resolve(body, |at, length, mistake| mistakes.push((offset + at, length, mistake)));
        for (at, length, mistake) in mistakes {
            let span = self.cursor.span(at, at + length);
            self.report(faults::escape(span, self.cursor.slice(at, at + length), mistake));
        }
        text
    }

    /// A string that was read from `start` to here.
    pub(super) fn string(&mut self, value: Cow<'s, str>, start: usize) -> Read<'s> {
        self.check_length(value.len(), start);
        Read { value: Value::String(value), span: self.cursor.span_from(start), bare: false }
    }

    /// A string without its closing quote: it is taken to end with its line, before a `{` that ends the line.
    fn unclosed(&mut self, start: usize, body: Range<usize>, close: &str) -> Read<'s> {
        let line = self.cursor.slice(body.start, body.end).trim_end();
        let text = line.strip_suffix('{').map_or(line, str::trim_end);
        self.cursor.at = body.start + text.len();
        let end = self.cursor.span(self.cursor.at, self.cursor.at);
        self.report(faults::unclosed_string(self.cursor.span(start, body.start), end, close));
        Read { value: Value::String(Cow::Borrowed(text)), span: self.cursor.span_from(start), bare: false }
    }
}
