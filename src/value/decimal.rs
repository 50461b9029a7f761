use super::Mismatch;
use std::fmt;

/// How many parts of this type make one.
const PARTS: u32 = 10_000;
/// The greatest number.
const MOST: u32 = 1_000;

/// A number above 0 with at most four decimals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Decimal(u32);

impl Decimal {
    /// One.
    pub const ONE: Decimal = Decimal(PARTS);

    /// Takes 0.0001 to 1000.
    ///
    /// # Errors
    /// The number is outside, or finer than that.
    pub fn new(number: f64) -> Result<Self, Mismatch> {
        let parts = number * f64::from(PARTS);
        if !(1.0..=f64::from(MOST * PARTS)).contains(&parts.round()) || !number.is_finite() {
            return Err(Mismatch::new("a number above 0, at most 1000", format!("`{number}` is outside")));
        }
        if (parts - parts.round()).abs() > 1e-6 {
            return Err(Mismatch::new("a number with at most four decimals", "it is finer than that"));
        }
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a whole number of parts, in range")]
        Ok(Decimal(parts.round() as u32))
    }

    /// The number.
    pub fn number(self) -> f64 {
        f64::from(self.0) / f64::from(PARTS)
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.number())
    }
}

#[cfg(test)]
mod tests {
    use super::Decimal;

    #[test]
    fn takes_numbers_above_nothing() {
        for (number, shown) in [(1.0, "1"), (0.0001, "0.0001"), (1.5, "1.5"), (1000.0, "1000")] {
            assert_eq!(Decimal::new(number).expect(shown).to_string(), shown);
        }
        for number in [0.0, -1.0, 0.00001, 1000.1, f64::NAN, f64::INFINITY] {
            assert!(Decimal::new(number).is_err(), "{number}");
        }
    }
}
