use super::Mismatch;
use std::fmt;

/// A release of Istio whose API is spoken: `1.30`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Target {
    minor: u16,
}

impl Target {
    /// The oldest that is known: its kinds have version v1.
    pub const OLDEST: Target = Target { minor: 22 };

    /// Istio `1.minor`.
    pub const fn of_minor(minor: u16) -> Self {
        Target { minor }
    }

    /// Reads `1.30`.
    ///
    /// # Errors
    /// It is of another form.
    pub fn parse(text: &str) -> Result<Self, Mismatch> {
        let minor =
            text.strip_prefix("1.").filter(|rest| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit()));
        let mismatch = || {
            let instead: Vec<&str> = text.splitn(3, '.').take(2).collect();
            let mismatch =
                Mismatch::new("a release such as `1.30`", "patch releases have one API, so two numbers say it");
            if instead.len() == 2 && text.matches('.').count() > 1 {
                mismatch.instead(instead.join("."))
            } else {
                mismatch
            }
        };
        minor.and_then(|minor| minor.parse().ok()).map(|minor| Target { minor }).ok_or_else(mismatch)
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "1.{}", self.minor)
    }
}
