use super::Mismatch;
use smol_str::SmolStr;
use std::fmt;

/// The name of a claim of a token: `scope`, or `realm.groups` for one inside another.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ClaimName(SmolStr);

/// A value of a claim, or whose the tokens are: a text that no rule reads as a pattern.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ClaimValue(SmolStr);

impl ClaimName {
    /// Reads a name.
    ///
    /// # Errors
    /// It holds what cannot stand in one, or a part of it is empty.
    pub fn parse(text: &str) -> Result<Self, Mismatch> {
        const EXPECTED: &str = "the name of a claim such as `scope` or `realm.groups`";
        if text.is_empty() {
            return Err(Mismatch::new(EXPECTED, "it is empty"));
        }
        if let Some(c) = text.chars().find(|c| !c.is_ascii_graphic() || "[]*\"".contains(*c)) {
            return Err(Mismatch::new(EXPECTED, format!("`{}` may not stand in it", c.escape_debug())));
        }
        let name = ClaimName(text.into());
        if name.parts().any(str::is_empty) {
            return Err(Mismatch::new(EXPECTED, "a part between its dots is empty"));
        }
        Ok(name)
    }

    /// The text.
    pub fn text(&self) -> &SmolStr {
        &self.0
    }

    /// Its parts, the outermost first. A claim that is named by a URL is one, whatever dots it has.
    pub fn parts(&self) -> impl Iterator<Item = &str> {
        let is_url = self.0.contains(['/', ':']);
        self.0.split(move |c| c == '.' && !is_url)
    }
}

impl ClaimValue {
    /// Reads a value.
    ///
    /// # Errors
    /// It is empty, or would be a pattern.
    pub fn parse(text: &str) -> Result<Self, Mismatch> {
        const EXPECTED: &str = "a value of a claim";
        if text.trim() != text || text.is_empty() {
            return Err(Mismatch::new(EXPECTED, "it is empty, or has a space at its edge").instead(text.trim()));
        }
        if text.contains('*') {
            return Err(Mismatch::new(EXPECTED, "Istio reads `*` as a pattern and not as a letter"));
        }
        if text.chars().any(char::is_control) {
            return Err(Mismatch::new(EXPECTED, "it holds a character that cannot be seen"));
        }
        Ok(ClaimValue(text.into()))
    }

    /// The text.
    pub fn text(&self) -> &SmolStr {
        &self.0
    }
}

impl fmt::Display for ClaimName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for ClaimValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::{ClaimName, ClaimValue};

    #[test]
    fn dots_go_into_a_claim_unless_it_is_a_url() {
        for (text, parts) in [
            ("scope", vec!["scope"]),
            ("realm.groups", vec!["realm", "groups"]),
            ("https://shop.example/roles", vec!["https://shop.example/roles"]),
        ] {
            assert_eq!(ClaimName::parse(text).expect(text).parts().collect::<Vec<_>>(), parts);
        }
        for text in ["", "a..b", ".a", "a.", "a b", "a[b]", "*"] {
            assert!(ClaimName::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_value_is_no_pattern() {
        assert!(ClaimValue::parse("orders:read").is_ok() && ClaimValue::parse("Team A").is_ok());
        for text in ["", " ", " a", "a*", "*"] {
            assert!(ClaimValue::parse(text).is_err(), "{text}");
        }
    }
}
