//! The lines of a file that a report quotes.

use crate::diagnostic::{is_hidden, visible};
use crate::source::{FileId, Sources, Span};
use std::borrow::Cow;
use std::ops::Range;

/// Whole lines of one file.
pub(super) struct Excerpt<'a> {
    /// The file's name, harmless.
    pub(super) name: Cow<'a, str>,
    /// The lines as they were written.
    pub(super) original: &'a str,
    /// The number of the first of them, from 1.
    pub(super) first_line: usize,
    /// Bytes of the file before them.
    start: usize,
    /// Whether a place lies after the last line end of the file, on a line that has no text.
    beyond: bool,
}

impl<'a> Excerpt<'a> {
    /// The lines from the first to the last of `spans`, which lie in `file`; none if the file is not of this run.
    pub(super) fn new(file: FileId, spans: impl Iterator<Item = Span> + Clone, sources: &'a Sources) -> Option<Self> {
        let source = sources.get(file)?;
        let text = &*source.text;
        let first = floor(text, spans.clone().map(|span| span.start).min()?);
        let last = floor(text, spans.map(|span| span.end).max()?).max(first);
        let start = text.get(..first)?.rfind('\n').map_or(0, |at| at + 1);
        let end = text.get(last..)?.find('\n').map_or(text.len(), |at| last + at + 1);
        let original = text.get(start..end)?;
        let beyond = original.is_empty() || (last == text.len() && original.ends_with('\n'));
        let first_line = text.get(..start)?.bytes().filter(|&byte| byte == b'\n').count() + 1;
        Some(Excerpt { name: visible(&source.name), original, first_line, start, beyond })
    }

    /// The lines, harmless: each hidden character becomes one visible symbol, so that columns stay.
    pub(super) fn text(&self) -> String {
        // The renderer sees a line without text if it ends.
        shown(self.original).chain(self.beyond.then_some('\n')).collect()
    }

    /// Where a place of the file is in [`Excerpt::text`].
    pub(super) fn range(&self, span: Span) -> Range<usize> {
        let start = self.offset(span.start);
        start..self.offset(span.end).max(start)
    }

    fn offset(&self, of_file: u32) -> usize {
        let here = (of_file as usize).saturating_sub(self.start);
        let before = self.original.char_indices().take_while(|&(at, character)| at + character.len_utf8() <= here);
        before.zip(shown(self.original)).map(|(_, symbol)| symbol.len_utf8()).sum()
    }
}

/// `text` with one visible symbol in the place of each hidden character, but for those that end lines and tabs.
pub(super) fn shown(text: &str) -> impl Iterator<Item = char> {
    let mut rest = text.chars().peekable();
    std::iter::from_fn(move || {
        let character = rest.next()?;
        let ends_line = character == '\r' && rest.peek() == Some(&'\n');
        Some(if ends_line || matches!(character, '\n' | '\t') { character } else { symbol(character) })
    })
}

/// The picture of an ASCII control character, the replacement character for everything else that hides.
fn symbol(character: char) -> char {
    match character {
        '\0'..='\u{1f}' => char::from_u32(0x2400 + u32::from(character)).unwrap_or(char::REPLACEMENT_CHARACTER),
        '\u{7f}' => '\u{2421}',
        hidden if is_hidden(hidden) => char::REPLACEMENT_CHARACTER,
        plain => plain,
    }
}

/// The nearest place at or before `offset` that lies between characters and in `text`.
fn floor(text: &str, offset: u32) -> usize {
    text.floor_char_boundary(offset as usize)
}
