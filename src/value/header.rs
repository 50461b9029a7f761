use super::Mismatch;
use smol_str::SmolStr;
use std::fmt;

/// The name of a header or a cookie: an RFC 9110 token, in lower case for headers.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct HeaderName(SmolStr);

/// A header's value: visible ASCII, spaces only inside.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct HeaderValue(SmolStr);

impl HeaderName {
    /// Reads a header's name; its case does not count and is folded.
    ///
    /// # Errors
    /// It is no token.
    pub fn parse(text: &str) -> Result<Self, Mismatch> {
        Self::token(text).map(|()| HeaderName(text.to_ascii_lowercase().into()))
    }

    /// Reads a cookie's name; its case counts.
    ///
    /// # Errors
    /// It is no token.
    pub fn parse_cookie(text: &str) -> Result<Self, Mismatch> {
        Self::token(text).map(|()| HeaderName(text.into()))
    }

    fn token(text: &str) -> Result<(), Mismatch> {
        let of_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
        match text.bytes().find(|byte| !of_token(*byte)) {
            None if !text.is_empty() => Ok(()),
            None => Err(Mismatch::new("a name such as `x-canary`", "it is empty")),
            Some(b':') => Err(Mismatch::new(
                "a name such as `x-canary`",
                "`:` belongs to pseudo headers, which have words of their own",
            )),
            Some(_) => {
                Err(Mismatch::new("a name such as `x-canary`", "it holds a character that no header's name may hold"))
            }
        }
    }

    /// The text.
    pub fn text(&self) -> &SmolStr {
        &self.0
    }
}

impl HeaderValue {
    /// Reads a value.
    ///
    /// # Errors
    /// It holds what cannot stand in a header.
    pub fn parse(text: &str) -> Result<Self, Mismatch> {
        const EXPECTED: &str = "a value of visible ASCII characters";
        if text.is_empty() {
            return Err(Mismatch::new(EXPECTED, "it is empty"));
        }
        if text.starts_with(' ') || text.ends_with(' ') {
            return Err(Mismatch::new(EXPECTED, "a proxy strips the space at its edge").instead(text.trim_matches(' ')));
        }
        match text.chars().find(|c| !(c.is_ascii_graphic() || *c == ' ')) {
            Some(c) => Err(Mismatch::new(EXPECTED, format!("`{}` may not stand in it", c.escape_debug()))),
            None => Ok(HeaderValue(text.into())),
        }
    }

    /// The text.
    pub fn text(&self) -> &SmolStr {
        &self.0
    }
}

impl fmt::Display for HeaderName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for HeaderValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
