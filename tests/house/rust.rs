//! Rust text in its three parts: code, comments and strings.

/// A Rust file, taken apart. Every part keeps its place.
#[derive(Debug, Default)]
pub struct Rust {
    /// The code: comments and what stands in quotes are blank, lines stay lines.
    pub code: String,
    /// Comments by the line on which they begin, from 1.
    pub comments: Vec<(usize, String)>,
    /// What stands in quotes, by the byte of its first quote.
    pub strings: Vec<(usize, String)>,
}

impl Rust {
    /// Takes a file apart.
    pub fn of(text: &str) -> Self {
        let mut rust = Rust { code: String::with_capacity(text.len()), ..Rust::default() };
        while let Some(rest) = text.get(rust.code.len()..).filter(|rest| !rest.is_empty()) {
            let (begins, length) = next(rest, rust.code.chars().next_back());
            let (part, at) = (&rest[..length], rust.code.len());
            match begins {
                Part::Code => rust.code.push_str(part),
                Part::Comment => rust.comments.push((1 + text[..at].matches('\n').count(), part.to_owned())),
                Part::Text => rust.strings.push((at, inside(part).to_owned())),
                Part::Character => {}
            }
            if begins != Part::Code {
                rust.code.extend(part.bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }));
            }
        }
        rust
    }

    /// The line of a byte, from 1.
    pub fn line(&self, at: usize) -> usize {
        1 + self.code[..at].matches('\n').count()
    }

    /// Where the tests of the file begin: its end if it has none.
    pub fn tests_at(&self) -> usize {
        let opens = |at: &usize| self.code[*at..].lines().nth(1).is_some_and(|line| line.ends_with('{'));
        self.code.match_indices("#[cfg(test)]\nmod ").map(|(at, _)| at).find(opens).unwrap_or(self.code.len())
    }
}

/// What stands between the quotes.
fn inside(quoted: &str) -> &str {
    let quoted = quoted.trim_start_matches(['r', 'b', 'c']);
    let hashes = quoted.bytes().take_while(|byte| *byte == b'#').count();
    quoted.get(hashes + 1..(quoted.len() - hashes).saturating_sub(1)).unwrap_or("")
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Code,
    Comment,
    Text,
    Character,
}

/// What begins here, and how many bytes it has; `before` is what stands before it.
fn next(rest: &str, before: Option<char>) -> (Part, usize) {
    let first = rest.chars().next().map_or(1, char::len_utf8);
    let is_word = before.is_some_and(|before| before.is_alphanumeric() || before == '_');
    if rest.starts_with("//") {
        return (Part::Comment, rest.find('\n').unwrap_or(rest.len()));
    }
    if rest.starts_with("/*") {
        return (Part::Comment, rest.find("*/").map_or(rest.len(), |end| end + 2));
    }
    if let Some(quoted) =
        ["\"", "b\"", "c\""].into_iter().find(|open| rest.starts_with(open) && (*open == "\"" || !is_word))
    {
        return (Part::Text, quoted.len() + escaped(&rest[quoted.len()..], '"'));
    }
    let hashes = rest.trim_start_matches(['b', 'r']).bytes().take_while(|byte| *byte == b'#').count();
    let opening = rest.len() - rest.trim_start_matches(['b', 'r']).len() + hashes;
    if !is_word && (rest.starts_with('r') || rest.starts_with("br")) && rest[opening..].starts_with('"') {
        let close = format!("\"{}", "#".repeat(hashes));
        let inside = &rest[opening + 1..];
        return (Part::Text, inside.find(&close).map_or(rest.len(), |end| opening + 1 + end + close.len()));
    }
    if let Some(inside) = rest.strip_prefix('\'') {
        let mut chars = inside.chars();
        let (one, two) = (chars.next(), chars.next());
        if one == Some('\\') || two == Some('\'') {
            return (Part::Character, 1 + escaped(inside, '\''));
        }
    }
    (Part::Code, first)
}

/// How many bytes a quoted text has, with the quote that ends it.
fn escaped(inside: &str, quote: char) -> usize {
    let mut is_escape = false;
    for (at, character) in inside.char_indices() {
        match character {
            _ if is_escape => is_escape = false,
            '\\' => is_escape = true,
            _ if character == quote => return at + 1,
            _ => {}
        }
    }
    inside.len()
}

#[test]
fn parts_are_told_apart() {
    let text = "let a = \"x // y\"; // z \"w\"\nlet b = ('\"', 'a, r#\"q\"r\"#); /* u\n */ let c = '\\'';\n#[cfg(test)]\nmod tests {\n";
    let rust = Rust::of(text);
    assert_eq!(rust.code.len(), text.len());
    assert_eq!(rust.comments, [(1, "// z \"w\"".to_owned()), (2, "/* u\n */".to_owned())]);
    let strings: Vec<&str> = rust.strings.iter().map(|(_, string)| string.as_str()).collect();
    assert_eq!(strings, ["x // y", "q\"r"]);
    assert!(rust.code.contains("let c =") && rust.code.contains("'a, "));
    assert_eq!(rust.line(rust.tests_at()), 4);
}
