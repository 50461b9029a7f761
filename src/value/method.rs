use super::Mismatch;
use smol_str::SmolStr;
use std::fmt;

/// An HTTP method, or any.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Method {
    /// Every method.
    Any,
    /// This one, in upper case.
    Named(SmolStr),
}

impl Method {
    /// Reads an upper-case HTTP token, or `any`.
    ///
    /// # Errors
    /// It is neither.
    pub fn parse(text: &str) -> Result<Self, Mismatch> {
        const EXPECTED: &str = "a method such as `GET`, or `any`";
        if text == "any" {
            return Ok(Method::Any);
        }
        let upper = text.to_ascii_uppercase();
        let is_token = !upper.is_empty()
            && upper.bytes().all(|byte| byte.is_ascii_uppercase() || b"-_!#$&'+.^`|~".contains(&byte));
        match (is_token, upper == text) {
            (true, true) => Ok(Method::Named(upper.into())),
            (true, false) => {
                Err(Mismatch::new(EXPECTED, "methods are upper case, and their case counts").instead(upper))
            }
            (false, _) => Err(Mismatch::new(EXPECTED, "it is no HTTP token")),
        }
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Method::Any => f.write_str("any"),
            Method::Named(name) => f.write_str(name),
        }
    }
}
