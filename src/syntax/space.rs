//! What stands between the elements of a document: spaces, ends of lines, comments, line continuations.

use super::faults;
use super::reader::Reader;

impl Reader<'_, '_> {
    /// Passes all space in which a node may end: also ends of lines and comments to the end of the line.
    pub(super) fn line_space(&mut self) {
        loop {
            match self.cursor.peek() {
                Some(b' ' | b'\t' | b'\n') => self.cursor.at += 1,
                Some(b'/') if self.cursor.byte(1) == Some(b'/') => {
                    self.cursor.at = self.cursor.line_end(self.cursor.at);
                }
                Some(b'/' | b'\\' | b'\r' | 0x0B | 0x0C | 0x80..) => {
                    let newline = self.cursor.newline_at(self.cursor.at);
                    self.cursor.at += newline;
                    if newline == 0 && !self.node_space() {
                        return;
                    }
                }
                Some(_) | None => return,
            }
        }
    }

    /// Passes the space inside a node: no end of line but one after `\`. Says whether there was any.
    #[inline]
    pub(super) fn node_space(&mut self) -> bool {
        let start = self.cursor.at;
        if self.cursor.peek() == Some(b' ') {
            self.cursor.at += 1;
        }
        if let Some(b'!'..=b'.' | b'0'..=b'[' | b']'..=b'~' | b'\n') = self.cursor.peek() {
            return self.cursor.at > start;
        }
        self.any_node_space();
        self.cursor.at > start
    }

    /// Passes what [`Reader::node_space`] passes, when it is more than one space.
    fn any_node_space(&mut self) {
        loop {
            match self.cursor.peek() {
                Some(b' ' | b'\t') => self.cursor.at += 1,
                Some(b'/') if self.cursor.byte(1) == Some(b'*') => self.block_comment(),
                Some(b'\\') => self.continuation(),
                Some(0x80..) => match self.cursor.space_at(self.cursor.at) {
                    0 => break,
                    length => self.cursor.at += length,
                },
                Some(_) | None => break,
            }
        }
    }

    /// Passes a comment between `/*` and `*/`, which may hold others.
    fn block_comment(&mut self) {
        let start = self.cursor.at;
        if let Some(length) = comment_length(self.cursor.rest()) {
            self.cursor.at += length;
        } else {
            self.cursor.at = self.cursor.text.len();
            self.cut_short = true;
            self.report(faults::unclosed_comment(&self.cursor, start));
        }
    }

    /// Passes a `\`, and the end of line that it takes away.
    fn continuation(&mut self) {
        let start = self.cursor.at;
        self.cursor.at += 1;
        loop {
            match self.cursor.peek() {
                Some(b'/') if self.cursor.byte(1) == Some(b'*') => self.block_comment(),
                Some(b'/') if self.cursor.byte(1) == Some(b'/') => {
                    self.cursor.at = self.cursor.line_end(self.cursor.at);
                }
                Some(_) | None => match self.cursor.space_at(self.cursor.at) {
                    0 => break,
                    length => self.cursor.at += length,
                },
            }
        }
        let newline = self.cursor.newline_at(self.cursor.at);
        self.cursor.at += newline;
        if newline == 0 && self.cursor.peek().is_some() {
            self.report(faults::stray_backslash(self.cursor.span(start, start + 1)));
        }
    }
}

/// The length of the comment that `text` begins with, with all comments inside it; none if it does not end.
pub(super) fn comment_length(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let (mut at, mut depth) = (0, 0_usize);
    loop {
        match (bytes.get(at)?, bytes.get(at + 1)) {
            (b'/', Some(b'*')) => {
                depth += 1;
                at += 2;
            }
            (b'*', Some(b'/')) => {
                depth = depth.saturating_sub(1);
                at += 2;
                if depth == 0 {
                    return Some(at);
                }
            }
            (_, _) => at += 1,
        }
    }
}
