use super::Mismatch;
use smol_str::SmolStr;
use std::fmt;

/// A field of an object, as a JSON pointer (RFC 6901).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pointer(SmolStr);

const EXPECTED: &str = "a JSON pointer such as `/spec/http/0/route/0/weight`";
const LONGEST: usize = 512;

impl Pointer {
    /// Reads names of fields and places in lists, each after a slash.
    ///
    /// # Errors
    /// The text is not of this form, or names the whole object.
    pub fn parse(text: &str) -> Result<Self, Mismatch> {
        let Some(rest) = text.strip_prefix('/') else {
            return Err(Mismatch::new(EXPECTED, "it does not begin with `/`"));
        };
        if text.len() > LONGEST {
            return Err(Mismatch::new(EXPECTED, format!("it has more than {LONGEST} bytes")));
        }
        if rest.split('/').any(str::is_empty) {
            return Err(Mismatch::new(EXPECTED, "a part of it is empty"));
        }
        let mut escapes = text.split('~').skip(1);
        if !escapes.all(|after| after.starts_with(['0', '1'])) {
            return Err(Mismatch::new(EXPECTED, "`~` is written `~0`, and `/` inside of a name `~1`"));
        }
        Ok(Pointer(text.into()))
    }

    /// The text.
    pub fn text(&self) -> &SmolStr {
        &self.0
    }
}

impl fmt::Display for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
