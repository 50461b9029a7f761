//! Strings between `"""`, over several lines, whose last line says what to take away before every other.

use super::character::{is_newline, is_space};
use super::entry::Read;
use super::escape::{resolve, spaces};
use super::faults;
use super::reader::Reader;
use std::borrow::Cow;

impl<'s> Reader<'s, '_> {
    /// Reads a string that begins with `"""`, after as many `#` as are given.
    pub(super) fn multi_line(&mut self, hashes: usize) -> Option<Read<'s>> {
        let start = self.cursor.at;
        let open = start + hashes + 3;
        let Some(close) = self.closing_quotes(open, hashes) else {
            self.cursor.at = self.cursor.text.len();
            self.cut_short = true;
            self.report(faults::unclosed_multi_line(self.cursor.span(start, open), hashes));
            return None;
        };
        self.cursor.count(close - start);
        self.cursor.at = close + 3 + hashes;
        let newline = self.cursor.newline_at(open);
        if newline == 0 {
            let all = self.cursor.span_from(start);
            let inside = self.cursor.slice(open, close);
            self.report(faults::text_after_opening(all, self.cursor.span(start, open), inside, hashes));
            return Some(self.string(Cow::Borrowed(inside), start));
        }
        let body = self.cursor.slice(open + newline, close);
        let escapes = hashes == 0 && body.contains('\\');
        if escapes {
            self.unescape(body, open + newline);
        }
        let joined = if escapes { join_lines(body) } else { Cow::Borrowed(body) };
        let dedented = match dedent(&joined) {
            Ok(dedented) => dedented,
            Err(uneven) => {
                let line = (!escapes).then_some(open + newline);
                self.report_uneven(uneven, line, close);
                return Some(self.string(Cow::Borrowed(body), start));
            }
        };
        let value = if escapes { resolve(&dedented, |_, _, _| ()) } else { dedented };
        Some(self.string(Cow::Owned(value), start))
    }

    /// Where the `"""` and as many `#` stand that end the string whose text begins at `at`.
    fn closing_quotes(&self, mut at: usize, hashes: usize) -> Option<usize> {
        let bytes = self.cursor.text.as_bytes();
        loop {
            match bytes.get(at)? {
                b'\\' if hashes == 0 => at = self.after_backslash(at),
                b'"' if bytes.get(at..at + 3) == Some(b"\"\"\"") => {
                    let found = self.hashes_at(at + 3, hashes);
                    if found == hashes {
                        return Some(at);
                    }
                    at += 1;
                }
                _ => at += 1,
            }
        }
    }

    /// Says which line does not begin as the last one. `body` is where the text begins, if its lines are the file's.
    fn report_uneven(&mut self, uneven: Uneven, body: Option<usize>, close: usize) {
        let closing = self.cursor.span(close, close + 3);
        match (uneven, body) {
            (Uneven::TextBeforeClosing, _) => self.report(faults::text_before_closing(closing)),
            (Uneven::Line { at, prefix, .. }, Some(body)) => {
                let line = self.cursor.span(body + at, body + at);
                self.report(faults::uneven_line(line, closing, Some(&prefix)));
            }
            (Uneven::Line { .. }, None) => self.report(faults::uneven_line(closing, closing, None)),
        }
    }
}

/// Why the lines of a string cannot be moved to the left.
enum Uneven {
    /// The last line holds more than space.
    TextBeforeClosing,
    /// The line at `at` does not begin with `prefix`, as the last one does.
    Line { at: usize, prefix: String },
}

/// The text with what its last line consists of taken away before every line, without the last line; LF ends lines.
fn dedent(body: &str) -> Result<String, Uneven> {
    let last = body
        .rfind(is_newline)
        .map_or(0, |at| at + body.get(at..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8));
    let prefix = body.get(last..).unwrap_or("");
    if !prefix.chars().all(is_space) {
        return Err(Uneven::TextBeforeClosing);
    }
    let mut text = String::with_capacity(body.len());
    let mut at = 0;
    while at < last {
        let rest = body.get(at..last).unwrap_or("");
        let length = rest.find(is_newline).unwrap_or(rest.len());
        let line = rest.get(..length).unwrap_or("");
        if at > 0 {
            text.push('\n');
        }
        if let Some(line) = line.strip_prefix(prefix) {
            if !line.chars().all(is_space) {
                text.push_str(line);
            }
        } else if !line.chars().all(is_space) {
            return Err(Uneven::Line { at, prefix: prefix.to_owned() });
        }
        at += length + newline_length(rest.get(length..).unwrap_or(""));
    }
    Ok(text)
}

/// How long the end of line is that `text` begins with.
fn newline_length(text: &str) -> usize {
    if text.starts_with("\r\n") { 2 } else { text.chars().next().map_or(0, char::len_utf8) }
}

/// The text without each `\` that stands before space, and without that space.
fn join_lines(body: &str) -> Cow<'_, str> {
    let mut text = String::with_capacity(body.len());
    let mut rest = body;
    while let Some((before, escape)) = rest.split_once('\\') {
        text.push_str(before);
        let space = spaces(escape);
        let kept = match (space, escape.chars().next()) {
            (0, Some(first)) => first.len_utf8(),
            (_, _) => 0,
        };
        if space == 0 {
            text.push('\\');
            text.push_str(escape.get(..kept).unwrap_or(""));
        }
        rest = escape.get(space + kept..).unwrap_or("");
    }
    text.push_str(rest);
    Cow::Owned(text)
}
