/// Text that is nothing but text in XML and HTML, between tags and in attributes.
pub(super) fn xml(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            // XML has no way to write them.
            _ if character.is_control() && !matches!(character, '\t' | '\n') => escaped.push('\u{fffd}'),
            _ => escaped.push(character),
        }
    }
    escaped
}

/// JSON that ends no element of HTML and begins no comment: outside of strings it has none of these characters.
pub(super) fn json(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '<' => escaped.push_str("\\u003c"),
            '>' => escaped.push_str("\\u003e"),
            '&' => escaped.push_str("\\u0026"),
            _ => escaped.push(character),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::{json, xml};

    #[test]
    fn no_text_is_markup() {
        assert_eq!(xml("</title><script>\"'&\u{1b}"), "&lt;/title&gt;&lt;script&gt;&quot;&#39;&amp;\u{fffd}");
        assert_eq!(json("\"</script><!--\""), "\"\\u003c/script\\u003e\\u003c!--\"");
    }
}
