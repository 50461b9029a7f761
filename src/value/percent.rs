use super::Mismatch;
use std::fmt;

/// A whole number from 0 to 100 (Istio: weights are whole numbers).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Percent(u8);

impl Percent {
    /// Nothing.
    pub const NONE: Percent = Percent(0);
    /// Half.
    pub const HALF: Percent = Percent(50);
    /// All.
    pub const ALL: Percent = Percent(100);

    /// Takes 0 to 100.
    ///
    /// # Errors
    /// The number is outside.
    pub fn new(number: i128) -> Result<Self, Mismatch> {
        u8::try_from(number)
            .ok()
            .filter(|number| *number <= 100)
            .map(Percent)
            .ok_or_else(|| Mismatch::new("a whole number from 0 to 100", format!("`{number}` is outside")))
    }

    /// The number.
    pub const fn number(self) -> u8 {
        self.0
    }

    /// What is left to 100.
    #[must_use]
    pub const fn rest(self) -> Percent {
        Percent(100 - self.0)
    }
}

impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}
