use super::Mismatch;
use std::fmt;

/// How many parts of this type make one percent.
const PARTS: u32 = 10_000;

/// A part of all requests in percent, with at most four decimals (Envoy counts in millionths).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fraction(u32);

impl Fraction {
    /// Everything.
    pub const ALL: Fraction = Fraction(100 * PARTS);

    /// Takes 0 to 100.
    ///
    /// # Errors
    /// The number is outside, or finer than Envoy counts.
    pub fn new(percent: f64) -> Result<Self, Mismatch> {
        if !(0.0..=100.0).contains(&percent) {
            return Err(Mismatch::new("a number from 0 to 100", format!("`{percent}` is outside")));
        }
        let parts = percent * f64::from(PARTS);
        if (parts - parts.round()).abs() > 1e-6 {
            let because = "Envoy counts in millionths of all requests";
            return Err(Mismatch::new("a number with at most four decimals", because));
        }
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a whole number up to a million")]
        Ok(Fraction(parts.round() as u32))
    }

    /// So many percent; for the compiler's own defaults, which are in range.
    pub(crate) const fn of_whole(percent: u32) -> Self {
        Fraction(percent * PARTS)
    }

    /// How many percent it is.
    pub fn percent(self) -> f64 {
        f64::from(self.0) / f64::from(PARTS)
    }

    /// The percent where they are a whole number.
    pub const fn whole(self) -> Option<u32> {
        if self.0.is_multiple_of(PARTS) { Some(self.0 / PARTS) } else { None }
    }
}

impl fmt::Display for Fraction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.percent())
    }
}

#[cfg(test)]
mod tests {
    use super::Fraction;

    #[test]
    fn takes_what_envoy_can_count() {
        for (percent, shown) in [(0.0, "0"), (0.0001, "0.0001"), (0.3, "0.3"), (33.3333, "33.3333"), (100.0, "100")] {
            assert_eq!(Fraction::new(percent).expect(shown).to_string(), shown);
        }
        for percent in [-0.1, 100.0001, 0.00005, 12.34567, f64::INFINITY, f64::NAN] {
            assert!(Fraction::new(percent).is_err(), "{percent}");
        }
        assert_eq!(Fraction::ALL.whole(), Some(100));
        assert_eq!(Fraction::new(0.5).expect("in range").whole(), None);
    }
}
