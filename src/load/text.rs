use crate::source::Location;

/// Where a file stops being text, and what stands there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NotText {
    /// The place.
    pub(super) location: Location,
    /// The first byte that is no UTF-8.
    pub(super) byte: u8,
    /// Whether the file begins as UTF-16 does.
    pub(super) utf16: bool,
}

/// The bytes as text, unchanged, if they are UTF-8.
pub(super) fn decode(bytes: Vec<u8>) -> Result<String, NotText> {
    String::from_utf8(bytes).map_err(|error| {
        let good = error.utf8_error().valid_up_to();
        let bytes = error.as_bytes();
        let text = bytes.get(..good).and_then(|bytes| str::from_utf8(bytes).ok()).unwrap_or("");
        let line_start = text.rfind('\n').map_or(0, |at| at + 1);
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX).saturating_add(1);
        NotText {
            location: Location {
                line: count(text.matches('\n').count()),
                column: count(text.get(line_start..).unwrap_or("").chars().count()),
            },
            byte: bytes.get(good).copied().unwrap_or(0),
            utf16: matches!(bytes, [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..]),
        }
    })
}
