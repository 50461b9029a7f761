use super::Mismatch;
use smol_str::SmolStr;
use std::fmt;

/// A regular expression of RE2's grammar, at most 1,024 bytes, that matches the whole text (Envoy: full match).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Regex(SmolStr);

const EXPECTED: &str = "a regular expression that RE2 knows";

impl Regex {
    /// Reads an expression: groups and brackets must close, and what RE2 leaves out (look-around, back references,
    /// possessive repeats, repeats above 1,000) is refused by name.
    ///
    /// # Errors
    /// RE2 would not take it.
    pub fn parse(text: &str) -> Result<Self, Mismatch> {
        let fault = |because: String| Mismatch::new(EXPECTED, because);
        if text.is_empty() {
            return Err(fault("it is empty".to_owned()));
        }
        if text.len() > 1024 {
            return Err(fault(format!("it has {} bytes, and Istio takes 1,024 at most", text.len())));
        }
        Scan { text: text.as_bytes(), at: 0, depth: 0 }.run().map_err(fault)?;
        Ok(Regex(text.into()))
    }

    /// The text.
    pub fn text(&self) -> &SmolStr {
        &self.0
    }

    /// How many groups it has whose text can be used again.
    pub fn groups(&self) -> usize {
        let mut groups = 0;
        let mut is_class = false;
        let mut rest = self.0.as_str();
        while let Some(first) = rest.chars().next() {
            let after = rest.get(first.len_utf8()..).unwrap_or("");
            rest = after;
            match first {
                '\\' => rest = after.get(after.chars().next().map_or(0, char::len_utf8)..).unwrap_or(""),
                '[' => is_class = true,
                ']' => is_class = false,
                '(' if !is_class => groups += usize::from(!after.starts_with('?') || after.starts_with("?P<")),
                _ => {}
            }
        }
        groups
    }

    /// An expression that matches exactly `text`.
    pub fn escape(text: &str) -> String {
        let mut escaped = String::with_capacity(text.len() + 8);
        for c in text.chars() {
            if r"\.+*?()|[]{}^$".contains(c) {
                escaped.push('\\');
            }
            escaped.push(c);
        }
        escaped
    }
}

impl fmt::Display for Regex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Walks an expression once, without building it.
struct Scan<'a> {
    text: &'a [u8],
    at: usize,
    depth: usize,
}

impl Scan<'_> {
    fn next(&mut self) -> Option<u8> {
        let byte = self.text.get(self.at).copied();
        self.at += 1;
        byte
    }

    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn rest(&self) -> &[u8] {
        self.text.get(self.at..).unwrap_or(&[])
    }

    fn run(&mut self) -> Result<(), String> {
        let mut repeatable = false;
        while let Some(byte) = self.next() {
            repeatable = match byte {
                b'\\' => self.escape()?,
                b'[' => self.class()?,
                b'(' => self.group()?,
                b')' => {
                    self.depth = self.depth.checked_sub(1).ok_or("a `)` closes nothing")?;
                    true
                }
                b'*' | b'+' | b'?' => self.repeat(repeatable)?,
                b'{' => self.count(repeatable)?,
                b'|' => false,
                _ => true,
            };
        }
        if self.depth > 0 { Err("a `(` is not closed".to_owned()) } else { Ok(()) }
    }

    fn escape(&mut self) -> Result<bool, String> {
        match self.next() {
            None => Err("it ends in `\\`".to_owned()),
            Some(digit @ b'1'..=b'9') => {
                Err(format!("`\\{}` is a back reference, which RE2 does not have", digit as char))
            }
            Some(c) if c.is_ascii_alphabetic() && !b"AbBCdDsSwWzaftnrvxQEpP".contains(&c) => {
                Err(format!("`\\{}` is no escape of RE2", c as char))
            }
            Some(_) => Ok(true),
        }
    }

    fn class(&mut self) -> Result<bool, String> {
        if self.peek() == Some(b'^') {
            self.at += 1;
        }
        if self.peek() == Some(b']') {
            self.at += 1;
        }
        loop {
            match self.next() {
                None => return Err("a `[` is not closed".to_owned()),
                Some(b']') => return Ok(true),
                Some(b'\\') => {
                    self.escape()?;
                }
                Some(b'[') if self.peek() == Some(b':') => {
                    let rest = self.rest();
                    let end = rest.windows(2).position(|pair| pair == b":]").ok_or("a `[:` is not closed")?;
                    self.at += end + 2;
                }
                Some(_) => {}
            }
        }
    }

    fn group(&mut self) -> Result<bool, String> {
        self.depth += 1;
        if self.depth > 100 {
            return Err("its groups are nested more than 100 deep".to_owned());
        }
        let rest = self.rest();
        for look in [b"?=".as_slice(), b"?!", b"?<=", b"?<!", b"?>"] {
            if rest.starts_with(look) {
                return Err(format!("`({}` is look-around, which RE2 does not have", String::from_utf8_lossy(look)));
            }
        }
        if rest.first() == Some(&b'?') {
            let end = rest.iter().position(|byte| matches!(byte, b':' | b'>' | b')')).ok_or("a `(?` is not closed")?;
            if rest.get(end) == Some(&b')') {
                self.depth -= 1;
            }
            self.at += end + 1;
        }
        Ok(false)
    }

    fn repeat(&mut self, repeatable: bool) -> Result<bool, String> {
        if !repeatable {
            return Err("a repeat stands before anything to repeat".to_owned());
        }
        match self.peek() {
            Some(b'?') => self.at += 1,
            Some(b'+' | b'*') => return Err("two repeats follow each other".to_owned()),
            _ => {}
        }
        Ok(false)
    }

    /// `{n}`, `{n,}` or `{n,m}`; anything else in braces is plain text to RE2.
    fn count(&mut self, repeatable: bool) -> Result<bool, String> {
        let rest = self.rest();
        let Some(end) = rest.iter().position(|byte| *byte == b'}') else { return Ok(true) };
        let inner = String::from_utf8_lossy(rest.get(..end).unwrap_or(&[])).into_owned();
        let (low, high) = inner.split_once(',').unwrap_or((&inner, &inner));
        let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        if !is_number(low) || !(high.is_empty() || is_number(high)) {
            return Ok(true);
        }
        let number = |text: &str| text.parse::<u32>().unwrap_or(u32::MAX);
        if number(low) > 1000 || (!high.is_empty() && number(high) > 1000) {
            return Err(format!("`{{{inner}}}` repeats more than 1,000 times"));
        }
        if !high.is_empty() && number(high) < number(low) {
            return Err(format!("`{{{inner}}}` ends before it begins"));
        }
        self.at += end + 1;
        self.repeat(repeatable)
    }
}

#[cfg(test)]
mod tests {
    use super::Regex;

    #[test]
    fn takes_what_re2_takes() {
        for text in [
            "a",
            "a|b",
            "(?:a|b)+",
            "[^/]+",
            r"\d{2,3}",
            "(?i)abc",
            "[[:alpha:]]",
            "a{,3}",
            "x*?",
            "[]a]",
            "(?P<n>a)",
            "^a$",
        ] {
            assert!(Regex::parse(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn groups_are_counted() {
        for (text, groups) in
            [("a", 0), ("(a)", 1), ("(?:a)(b(c))", 2), (r"\(a[(]", 0), ("(?P<n>a)(?i)", 1), ("[)(](é)", 1)]
        {
            assert_eq!(Regex::parse(text).expect(text).groups(), groups, "{text}");
        }
    }

    #[test]
    fn refuses_what_re2_refuses() {
        for text in [
            "", "(", ")", "[", "[a", "a\\", "*a", "a**", "(?=a)", "(?<!a)", r"(a)\1", "a{1001}", "a{3,2}", r"\y",
            "(?:", "(?P<n",
        ] {
            assert!(Regex::parse(text).is_err(), "{text}");
        }
        assert!(Regex::parse(&"a".repeat(1024)).is_ok() && Regex::parse(&"a".repeat(1025)).is_err());
    }
}
