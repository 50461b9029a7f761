use crate::source::Letters;

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
    if let Some(rest) = content.strip_prefix('-')
        && (rest.is_empty() || rest.starts_with(' '))
    {
        let rest = trimmed(rest);
        return (!rest.starts_with('#')).then_some(Held::Item(rest));
    }
    if let Some(quote @ (b'"' | b'\'')) = content.bytes().next() {
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
pub(super) fn trimmed(text: &str) -> &str {
    text.get(text.bytes().take_while(|byte| *byte == b' ').count()..).unwrap_or_default()
}
