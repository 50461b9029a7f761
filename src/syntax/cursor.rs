use super::character::{Class, class, is_newline, is_space};
use crate::source::{FileId, Span};

/// A place in the text of a file that moves forward only.
#[derive(Debug)]
pub(super) struct Cursor<'s> {
    pub(super) text: &'s str,
    pub(super) file: FileId,
    /// The byte to be read next; always the beginning of a character, or the end.
    pub(super) at: usize,
    /// How many bytes were looked at, those looked at twice counted twice.
    #[cfg(test)]
    pub(super) work: std::cell::Cell<usize>,
}

impl<'s> Cursor<'s> {
    /// The beginning of a file.
    pub(super) fn new(file: FileId, text: &'s str) -> Self {
        Cursor {
            text,
            file,
            at: 0,
            #[cfg(test)]
            work: std::cell::Cell::new(0),
        }
    }

    /// Counts bytes looked at, so that a test can show that no input makes it more than a few times the file.
    pub(super) fn count(&self, bytes: usize) {
        #[cfg(test)]
        self.work.set(self.work.get() + bytes);
        #[cfg(not(test))]
        let _ = (self, bytes);
    }

    /// The byte `ahead` of the place.
    #[inline]
    pub(super) fn byte(&self, ahead: usize) -> Option<u8> {
        self.text.as_bytes().get(self.at + ahead).copied()
    }

    /// The byte at the place.
    #[inline]
    pub(super) fn peek(&self) -> Option<u8> {
        self.byte(0)
    }

    /// What is left to be read.
    #[inline]
    pub(super) fn rest(&self) -> &'s str {
        self.text.get(self.at..).unwrap_or("")
    }

    /// Whether what is left begins with `prefix`.
    #[inline]
    pub(super) fn starts_with(&self, prefix: &str) -> bool {
        self.text.as_bytes().get(self.at..).is_some_and(|rest| rest.starts_with(prefix.as_bytes()))
    }

    /// The character at `at`.
    pub(super) fn character_at(&self, at: usize) -> Option<char> {
        self.text.get(at..)?.chars().next()
    }

    /// The text from `start` to `end`.
    #[inline]
    pub(super) fn slice(&self, start: usize, end: usize) -> &'s str {
        self.text.get(start..end).unwrap_or("")
    }

    /// The place from `start` to `end`.
    #[inline]
    pub(super) fn span(&self, start: usize, end: usize) -> Span {
        Span::new(self.file, offset(start), offset(end))
    }

    /// The place from `start` to here.
    #[inline]
    pub(super) fn span_from(&self, start: usize) -> Span {
        self.span(start, self.at)
    }

    /// How many bytes the space at `at` takes; 0 if there is none.
    #[inline]
    pub(super) fn space_at(&self, at: usize) -> usize {
        match self.text.as_bytes().get(at) {
            Some(b' ' | b'\t') => 1,
            Some(0x80..) => self.character_at(at).filter(|&found| is_space(found)).map_or(0, char::len_utf8),
            Some(_) | None => 0,
        }
    }

    /// How many bytes the end of line at `at` takes, CR LF as one; 0 if there is none.
    #[inline]
    pub(super) fn newline_at(&self, at: usize) -> usize {
        let bytes = self.text.as_bytes();
        match bytes.get(at) {
            Some(b'\r') if bytes.get(at + 1) == Some(&b'\n') => 2,
            Some(b'\n' | b'\r' | 0x0B | 0x0C) => 1,
            Some(0x80..) => self.character_at(at).filter(|&found| is_newline(found)).map_or(0, char::len_utf8),
            Some(_) | None => 0,
        }
    }

    /// Where the line that holds `at` ends.
    pub(super) fn line_end(&self, at: usize) -> usize {
        let mut end = at;
        while end < self.text.len() && self.newline_at(end) == 0 {
            end += 1;
        }
        self.count(end - at);
        end
    }

    /// What is left of the line from `at` on, but no more than a person would take for one thing: mending a mistake must
    /// not read a long line again for each mistake in it.
    pub(super) fn line_ahead(&self, at: usize) -> &'s str {
        const FAR: usize = 512;
        let end = self.text.floor_char_boundary(at + FAR);
        let near = self.slice(at, end);
        self.count(near.len());
        near.split(is_newline).next().unwrap_or(near)
    }

    /// Where the run of characters that may stand in a bare word ends, which begins at `at`.
    #[inline]
    pub(super) fn word_end(&self, mut at: usize) -> usize {
        let (bytes, start) = (self.text.as_bytes(), at);
        while let Some(&byte) = bytes.get(at) {
            match class(byte) {
                Class::Word | Class::Digit => at += 1,
                Class::Space | Class::Newline | Class::Mark => break,
                Class::Wide => match self.character_at(at) {
                    Some(found) if !is_space(found) && !is_newline(found) => at += found.len_utf8(),
                    Some(_) | None => break,
                },
            }
        }
        self.count(at - start);
        at
    }
}

/// A byte offset as spans hold it; the limit on files keeps it in range.
#[inline]
pub(super) fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}
