use crate::value::{Decimal, Fraction};
use serde::ser::{Serialize, Serializer};

/// A number that may have decimals, written without them where it has none.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Number(f64);

/// None of ours is NaN: they come from values that cannot be.
impl Eq for Number {}

impl From<Fraction> for Number {
    fn from(fraction: Fraction) -> Self {
        Number(fraction.percent())
    }
}

impl From<Decimal> for Number {
    fn from(decimal: Decimal) -> Self {
        Number(decimal.number())
    }
}

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[allow(clippy::cast_possible_truncation, reason = "without decimals, and far below what 64 bits hold")]
        match self.0.fract() == 0.0 {
            true => serializer.serialize_i64(self.0 as i64),
            false => serializer.serialize_f64(self.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Number;
    use crate::value::{Decimal, Fraction};

    #[test]
    fn whole_numbers_have_no_point() {
        let texts = [10.0, 0.5, 33.3333].map(|percent| Number::from(Fraction::new(percent).unwrap()));
        assert_eq!(serde_json::to_string(&texts).unwrap(), "[10,0.5,33.3333]");
        assert_eq!(serde_json::to_string(&Number::from(Decimal::new(1.5).unwrap())).unwrap(), "1.5");
    }
}
