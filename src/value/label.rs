use super::Mismatch;
use smol_str::SmolStr;
use std::fmt;

/// A DNS-1123 label of at most 63 characters (Kubernetes: names of namespaces, accounts).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Label(SmolStr);

/// A label that begins with a letter (Kubernetes: DNS-1035, names of Services).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Name(SmolStr);

const LABEL: &str = "a name of lower-case letters, digits and `-`";
const NAME: &str = "a name of lower-case letters, digits and `-` that begins with a letter";

impl Label {
    /// Reads a label.
    ///
    /// # Errors
    /// The text is no DNS-1123 label.
    pub fn parse(text: &str) -> Result<Self, Mismatch> {
        check(text, LABEL).map(|()| Label(text.into()))
    }

    /// The text.
    pub fn text(&self) -> &SmolStr {
        &self.0
    }
}

impl Name {
    /// Reads a name.
    ///
    /// # Errors
    /// The text is no DNS-1035 label.
    pub fn parse(text: &str) -> Result<Self, Mismatch> {
        check(text, NAME)?;
        if text.starts_with(|c: char| c.is_ascii_digit()) {
            return Err(Mismatch::new(NAME, "it begins with a digit"));
        }
        Ok(Name(text.into()))
    }

    /// The text.
    pub fn text(&self) -> &SmolStr {
        &self.0
    }
}

fn check(text: &str, expected: &str) -> Result<(), Mismatch> {
    let fits = |text: &str| {
        !text.is_empty()
            && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
            && !text.starts_with('-')
            && !text.ends_with('-')
    };
    if text.len() > 63 {
        return Err(Mismatch::new(expected, format!("it has {} characters, and 63 is the most", text.len())));
    }
    if fits(text) {
        return Ok(());
    }
    let because = match text.chars().find(|c| !(c.is_ascii_lowercase() || c.is_ascii_digit() || *c == '-')) {
        Some(c) => format!("`{}` may not stand in it", c.escape_debug()),
        None if text.is_empty() => "it is empty".to_owned(),
        None => "`-` may stand only inside".to_owned(),
    };
    let mismatch = Mismatch::new(expected, because);
    let lower = text.to_ascii_lowercase().replace('_', "-");
    Err(if fits(&lower) { mismatch.instead(lower) } else { mismatch })
}

/// Whether Kubernetes takes `key` as the key of a label: `[prefix/]name`.
pub fn is_label_key(key: &str) -> bool {
    let (prefix, name) = key.rsplit_once('/').map_or((None, key), |(prefix, name)| (Some(prefix), name));
    let prefix_fits = prefix.is_none_or(|prefix| {
        prefix.len() <= 253 && !prefix.is_empty() && prefix.split('.').all(|part| Label::parse(part).is_ok())
    });
    prefix_fits && !name.is_empty() && is_label_value(name)
}

/// Whether Kubernetes takes `value` as the value of a label.
pub fn is_label_value(value: &str) -> bool {
    let inner = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    let edge = |byte: Option<&u8>| byte.is_none_or(u8::is_ascii_alphanumeric);
    let bytes = value.as_bytes();
    bytes.len() <= 63 && bytes.iter().all(|byte| inner(*byte)) && edge(bytes.first()) && edge(bytes.last())
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::{Name, is_label_key, is_label_value};

    #[test]
    fn a_name_that_is_nearly_right_comes_with_the_right_one() {
        assert_eq!(Name::parse("Check_Out").expect_err("upper case").instead.as_deref(), Some("check-out"));
        assert!(Name::parse("9lives").is_err() && Name::parse(&"a".repeat(64)).is_err() && Name::parse("-a").is_err());
    }

    #[test]
    fn label_keys_and_values_are_those_of_kubernetes() {
        assert!(is_label_key("app.kubernetes.io/name") && is_label_key("app") && is_label_key("A_b"));
        assert!(!is_label_key("/a") && !is_label_key("a/") && !is_label_key("") && !is_label_key("a b"));
        assert!(is_label_value("") && is_label_value("v1.2_x") && !is_label_value("-a") && !is_label_value("a/b"));
    }
}
