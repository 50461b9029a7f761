use super::Mismatch;
use smol_str::SmolStr;
use std::fmt;

/// The name of a variable in the environment of a process.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct VariableName(SmolStr);

impl VariableName {
    /// Reads a name.
    ///
    /// # Errors
    /// No shell could read it.
    pub fn parse(text: &str) -> Result<Self, Mismatch> {
        let expected = "a name of letters, digits and `_`, such as `LOG_DIR`";
        let fits = |text: &str| {
            text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
                && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        };
        if fits(text) {
            return Ok(VariableName(text.into()));
        }
        let mismatch = Mismatch::new(expected, "no variable of a process is named so");
        let right = text.replace(['-', '.'], "_");
        Err(if fits(&right) { mismatch.instead(right) } else { mismatch })
    }

    /// The text.
    pub fn text(&self) -> &SmolStr {
        &self.0
    }
}

impl fmt::Display for VariableName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::VariableName;

    #[test]
    fn takes_what_a_process_can_read() {
        assert!(VariableName::parse("LOG_DIR").is_ok() && VariableName::parse("_a1").is_ok());
        assert_eq!(VariableName::parse("LOG-DIR").expect_err("a dash").instead.as_deref(), Some("LOG_DIR"));
        for text in ["", "1A", "A B", "A=B"] {
            assert!(VariableName::parse(text).is_err(), "{text}");
        }
    }
}
