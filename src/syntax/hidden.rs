//! Characters that nobody sees: they make a reviewer read something else than the compiler does.

use super::character::hidden;
use super::cursor::offset;
use super::faults;
use super::reader::Reader;
use crate::source::Span;

impl Reader<'_, '_> {
    /// Reports every character of the file that nobody sees, wherever it stands. A byte order mark at the beginning is
    /// none.
    pub(super) fn report_hidden(&mut self) {
        let text = self.cursor.text;
        if !text.as_bytes().chunks(64).any(|chunk| chunk.iter().fold(false, |any, &byte| any | suspicious(byte))) {
            return;
        }
        let begin = if text.starts_with('\u{FEFF}') { '\u{FEFF}'.len_utf8() } else { 0 };
        for (at, character) in text.char_indices().skip_while(|&(at, _)| at < begin) {
            if self.gave_up() {
                return;
            }
            if let Some(what) = hidden(character) {
                let span = Span::new(self.cursor.file, offset(at), offset(at + character.len_utf8()));
                self.report(faults::hidden_character(span, character, what));
            }
        }
    }
}

/// Whether a byte is, or begins, a character that nobody may see.
const fn suspicious(byte: u8) -> bool {
    byte >= 0x7F || byte < 0x20 && !matches!(byte, b'\t'..=b'\r')
}
