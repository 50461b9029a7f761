use std::borrow::Cow;
use std::fmt::Write as _;

/// Whether a character moves, hides or reorders text instead of showing itself: control characters, marks of
/// direction, characters without width.
///
/// Printed as they are they let a file forge a terminal's output or a reviewer's view of it (Trojan Source,
/// <https://www.unicode.org/reports/tr36/>). Tab and line feed count: who prints lines must let them through by name.
pub fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{3164}' | '\u{feff}' | '\u{ffa0}'
            | '\u{fff0}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e0fff}')
}

/// How many characters of a text are shown: a user's word may be as long as a file.
const MOST_CHARACTERS: usize = 1000;

/// `text` on one line, with every hidden character written as the escape that KDL has for it; of a very long one the
/// beginning.
pub fn visible(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(MOST_CHARACTERS).and_then(|(end, _)| text.get(..end)) {
        Some(beginning) => Cow::Owned(format!("{}...", escaped(beginning))),
        None => escaped(text),
    }
}

fn escaped(text: &str) -> Cow<'_, str> {
    if !text.contains(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        match character {
            '\n' => shown.push_str("\\n"),
            '\r' => shown.push_str("\\r"),
            '\t' => shown.push_str("\\t"),
            hidden if is_hidden(hidden) => {
                // Writing to a string does not fail.
                let _ = write!(shown, "\\u{{{:x}}}", u32::from(hidden));
            }
            plain => shown.push(plain),
        }
    }
    Cow::Owned(shown)
}

#[cfg(test)]
mod tests {
    use super::{is_hidden, visible};

    #[test]
    fn shows_itself() {
        for text in ["", "plain", "é 中 🙂", "a `b` c", "x\\u{202e}"] {
            assert_eq!(visible(text), text);
        }
    }

    #[test]
    fn is_cut() {
        let most = "é".repeat(1000);
        assert_eq!(visible(&most), most);
        assert_eq!(visible(&format!("{most}x")), format!("{most}..."));
    }

    #[test]
    fn is_escaped() {
        for (text, shown) in [
            ("a\u{202e}b", "a\\u{202e}b"),
            ("\u{1b}[31m", "\\u{1b}[31m"),
            ("a\r\n\tb", "a\\r\\n\\tb"),
            ("\u{feff}\u{200b}\u{7f}\u{9b}", "\\u{feff}\\u{200b}\\u{7f}\\u{9b}"),
            ("\u{e0041}", "\\u{e0041}"),
        ] {
            assert_eq!(visible(text), shown);
            assert!(!visible(text).contains(is_hidden));
        }
    }
}
