//! What KDL 2.0 takes each character for.

/// What a byte begins, outside strings and comments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    /// It may stand in a bare word.
    Word,
    /// A digit, which may stand in a bare word but not begin one.
    Digit,
    /// A space or tab.
    Space,
    /// LF, CR, VT or FF.
    Newline,
    /// One of `( ) [ ] { } / \ " # ; =`.
    Mark,
    /// The first byte of a character of several bytes.
    Wide,
}

/// The class of every byte.
const CLASSES: [Class; 256] = {
    let mut classes = [Class::Word; 256];
    let mut byte = 0;
    while byte < 256 {
        #[allow(clippy::indexing_slicing, clippy::cast_possible_truncation)] // evaluated by the compiler, in range
        {
            classes[byte] = classify(byte as u8);
        }
        byte += 1;
    }
    classes
};

/// The class of a byte.
pub(super) fn class(byte: u8) -> Class {
    CLASSES.get(usize::from(byte)).copied().unwrap_or(Class::Word)
}

const fn classify(byte: u8) -> Class {
    match byte {
        b' ' | b'\t' => Class::Space,
        b'\n' | b'\r' | 0x0B | 0x0C => Class::Newline,
        b'0'..=b'9' => Class::Digit,
        b'(' | b')' | b'[' | b']' | b'{' | b'}' | b'/' | b'\\' | b'"' | b'#' | b';' | b'=' => Class::Mark,
        0x80..=0xFF => Class::Wide,
        _ => Class::Word,
    }
}

/// Whether KDL takes `character` for a space that does not end a line.
pub(super) const fn is_space(character: char) -> bool {
    matches!(
        character,
        '\t' | ' ' | '\u{A0}' | '\u{1680}' | '\u{2000}'..='\u{200A}' | '\u{202F}' | '\u{205F}' | '\u{3000}'
    )
}

/// Whether KDL takes `character` for the end of a line.
pub(super) const fn is_newline(character: char) -> bool {
    matches!(character, '\n' | '\r' | '\u{B}' | '\u{C}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// What makes a character one that nobody sees, if it is one.
pub(super) const fn hidden(character: char) -> Option<&'static str> {
    match character {
        '\0'..='\u{8}' | '\u{E}'..='\u{1F}' | '\u{7F}' | '\u{80}'..='\u{84}' | '\u{86}'..='\u{9F}' => {
            Some("a control character")
        }
        '\u{200E}' | '\u{200F}' | '\u{61C}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => {
            Some("a character that changes the direction of text")
        }
        '\u{AD}'
        | '\u{180E}'
        | '\u{200B}'..='\u{200D}'
        | '\u{2060}'..='\u{2065}'
        | '\u{206A}'..='\u{206F}'
        | '\u{FEFF}'
        | '\u{FFF9}'..='\u{FFFB}' => Some("a character without width"),
        '\u{E0000}'..='\u{E007F}' => Some("a tag character"),
        _ => None,
    }
}
