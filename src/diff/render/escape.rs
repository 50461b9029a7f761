//! Words of others inside of Markdown: they neither format, link, mention nor end what they stand in.

use crate::diagnostic::visible;

/// Words in running text or a cell of a table.
pub(super) fn words(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + 8);
    for sign in visible(text).chars() {
        match sign {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '@' => escaped.push_str("&#64;"),
            '`' => escaped.push_str("&#96;"),
            '|' => escaped.push_str("&#124;"),
            '#' => escaped.push_str("&#35;"),
            '*' | '_' | '[' | ']' | '!' | '\\' | '~' => {
                escaped.push('\\');
                escaped.push(sign);
            }
            plain => escaped.push(plain),
        }
    }
    escaped
}

/// A name as code, in Markdown.
pub(super) fn code(text: &str) -> String {
    let shown = visible(text);
    // A cell of a table ends at a bar, also between back-ticks.
    if shown.is_empty() || shown.contains(['`', '|']) { tagged(text) } else { format!("`{shown}`") }
}

/// A name as code where only HTML is read, as in the title of what is folded.
pub(super) fn tagged(text: &str) -> String {
    format!("<code>{}</code>", words(text))
}

/// Lines in a fence that nothing in them ends.
pub(super) fn fence(language: &str, lines: &str) -> String {
    let shown: Vec<String> = lines.lines().map(|line| visible(line).into_owned()).collect();
    let runs = shown.iter().flat_map(|line| line.split(|sign| sign != '`')).map(str::len);
    let ticks = "`".repeat(runs.max().unwrap_or_default().max(2) + 1);
    format!("{ticks}{language}\n{}\n{ticks}\n", shown.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::{code, fence, words};

    #[test]
    fn words_of_others_stay_words() {
        assert_eq!(
            words("a|b @all <img> `x` [y](z) # *!*"),
            "a&#124;b &#64;all &lt;img&gt; &#96;x&#96; \\[y\\](z) &#35; \\*\\!\\*"
        );
        assert_eq!(words("a\u{202e}\nb"), "a\\\\u{202e}\\\\nb");
        assert_eq!(code("a`b"), "<code>a&#96;b</code>");
        assert_eq!(code("a@b"), "`a@b`");
    }

    #[test]
    fn a_fence_is_longer_than_what_is_in_it() {
        assert_eq!(fence("diff", "+ ```\n"), "````diff\n+ ```\n````\n");
        assert_eq!(fence("", "a"), "```\na\n```\n");
    }
}
