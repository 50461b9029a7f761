use super::{codes, faults};

#[test]
fn hidden_characters_are_found_everywhere() {
    let hidden =
        ['\u{200B}', '\u{200D}', '\u{202E}', '\u{2066}', '\u{FEFF}', '\u{AD}', '\u{61C}', '\u{0}', '\u{1B}', '\u{7F}'];
    for character in hidden {
        for around in
            [("a", "b"), ("\"a", "b\""), ("#\"a", "b\"#"), ("// a", "b"), ("/* a", " */ b"), ("\"\"\"\na", "\n\"\"\"")]
        {
            let text = format!("node {}{character}{}", around.0, around.1);
            let found = faults(&text);
            assert_eq!(found, [("hidden-character", character.to_string().as_str())], "{text:?}");
        }
    }
}

#[test]
fn a_byte_order_mark_is_none_at_the_beginning_only() {
    assert_eq!(codes("\u{FEFF}a"), [""; 0]);
    assert_eq!(codes("\u{FEFF}\u{FEFF}a"), ["hidden-character"]);
}

#[test]
fn what_is_seen_is_none() {
    assert_eq!(codes("a é 日本 \"❤️ x\" // ü\u{A0}\r\n\tb\u{2028}c"), [""; 0]);
}

#[test]
fn an_escape_is_seen() {
    assert_eq!(codes(r#"a "\u{200B}\u{202E}""#), [""; 0]);
}
