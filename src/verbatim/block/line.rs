use crate::source::{Letters, line_length, spaces};

/// A line that says something.
pub(super) struct Line<'t> {
    /// Where it begins in its text.
    pub(super) start: usize,
    /// How long it is.
    pub(super) length: usize,
    /// How many columns from the left its content stands.
    pub(super) indent: usize,
    /// What it says; none where it ends a document.
    pub(super) content: Option<&'t str>,
}

/// Takes every line of a text that says something; none where one is not taken, or where the text has other letters than
/// those that every reader takes as they are.
pub(super) fn lines<'t>(text: &'t str, mut take: impl FnMut(Line<'t>) -> Option<()>) -> Option<()> {
    let is_printable = |byte: u8| matches!(byte, b' '..=b'~' | b'\n');
    if !text.bytes().fold(true, |all, byte| all & is_printable(byte)) {
        return None;
    }
    let (mut start, mut rest) = (0, text);
    while !rest.is_empty() {
        let length = line_length(rest.as_bytes());
        let (line, behind) = rest.split_at_checked(length)?;
        let indent = spaces(line.as_bytes());
        let content = line.get(indent..)?;
        if !content.is_empty() && !content.starts_with('#') {
            take(Line { start, length, indent, content: (line != "---").then_some(content) })?;
        }
        rest = behind.get(1..).unwrap_or_default();
        start += length + 1;
    }
    Some(())
}

/// What a key without quotes is made of.
static OF_KEYS: Letters = Letters::and(b"_.-/");

/// What a line holds, or an item of a list.
pub(super) enum Held<'t> {
    Item(&'t str),
    Entry { key: &'t str, is_quoted: bool, rest: &'t str },
    Scalar,
}

/// Tells an item of a list, an entry of a map and a value apart.
pub(super) fn held(content: &str) -> Option<Held<'_>> {
    let quote = match content.as_bytes() {
        [b'-'] | [b'-', b' ', ..] => {
            let rest = content.get(1..).map(trimmed)?;
            return (!rest.starts_with('#')).then_some(Held::Item(rest));
        }
        [quote @ (b'"' | b'\''), ..] => Some(*quote),
        _ => None,
    };
    if let Some(quote) = quote {
        let (key, rest) = content.get(1..)?.split_once(char::from(quote))?;
        if rest.is_empty() {
            return Some(Held::Scalar);
        }
        let rest = after_key(rest.strip_prefix(':')?)?;
        return (!key.contains('\\')).then_some(Held::Entry { key, is_quoted: true, rest });
    }
    let length = content.bytes().take_while(|byte| OF_KEYS.hold(*byte)).count();
    let (key, rest) = content.split_at_checked(length)?;
    let begins = key.as_bytes().first().is_some_and(|first| first.is_ascii_alphanumeric() || *first == b'_');
    let rest = rest.strip_prefix(':').filter(|_| begins).and_then(after_key);
    // A key of other letters would be a value with a colon in it, and that is none.
    Some(rest.map_or(Held::Scalar, |rest| Held::Entry { key, is_quoted: false, rest }))
}

/// What stands behind the colon of a key; none where the colon is part of a word.
fn after_key(rest: &str) -> Option<&str> {
    (rest.is_empty() || rest.starts_with(' ')).then(|| trimmed(rest))
}

/// A text without the spaces before it.
fn trimmed(text: &str) -> &str {
    text.get(spaces(text.as_bytes())..).unwrap_or_default()
}
