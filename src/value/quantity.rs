use super::Mismatch;
use smol_str::SmolStr;
use std::fmt;

/// How much of a resource, as Kubernetes writes it: `100m` of a processor, `128Mi` of memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quantity {
    text: SmolStr,
    /// In thousandths, by which two of them compare.
    thousandths: u128,
}

const EXPECTED: &str = "a quantity such as `100m` or `128Mi`";

/// Suffixes, and how many thousandths one has.
const UNITS: [(&str, u128); 12] = [
    ("", 1_000),
    ("m", 1),
    ("k", 1_000_000),
    ("M", 1_000_000_000),
    ("G", 1_000_000_000_000),
    ("T", 1_000_000_000_000_000),
    ("P", 1_000_000_000_000_000_000),
    ("Ki", 1_000 << 10),
    ("Mi", 1_000 << 20),
    ("Gi", 1_000 << 30),
    ("Ti", 1_000 << 40),
    ("Pi", 1_000 << 50),
];

impl Quantity {
    /// Reads a number above 0, with at most three decimals, and its suffix.
    ///
    /// # Errors
    /// The text is not of this form.
    pub fn parse(text: &str) -> Result<Self, Mismatch> {
        let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.').len();
        let (number, suffix) = text.split_at(digits);
        let Some((_, factor)) = UNITS.iter().find(|(unit, _)| *unit == suffix) else { return Err(no_unit(suffix)) };
        let (whole, decimals) = number.split_once('.').unwrap_or((number, ""));
        let is_number = !whole.is_empty() && whole.len() <= 9 && number.ends_with(|c: char| c.is_ascii_digit());
        if !is_number || decimals.contains('.') || decimals.len() > 3 {
            return Err(Mismatch::new(EXPECTED, "a number of at most nine digits and three decimals stands before it"));
        }
        let parsed: u128 = format!("{whole}{decimals:0<3}").parse().map_err(|_| Mismatch::new(EXPECTED, ""))?;
        match parsed * factor / 1_000 {
            0 => Err(Mismatch::new(EXPECTED, "it is nothing")),
            thousandths => Ok(Quantity { text: text.into(), thousandths }),
        }
    }

    /// Whether it is more than `other`.
    pub fn exceeds(&self, other: &Quantity) -> bool {
        self.thousandths > other.thousandths
    }

    /// The text.
    pub fn text(&self) -> &SmolStr {
        &self.text
    }
}

fn no_unit(suffix: &str) -> Mismatch {
    let near = UNITS.iter().find(|(unit, _)| unit.eq_ignore_ascii_case(suffix.trim_end_matches(['B', 'b'])));
    let because = format!("`{suffix}` is no unit");
    match near {
        Some((unit, _)) if !unit.is_empty() => {
            Mismatch::new(EXPECTED, format!("{because}; Kubernetes writes `{unit}`"))
        }
        Some(_) | None => Mismatch::new(EXPECTED, because),
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::Quantity;

    #[test]
    fn reads_what_kubernetes_reads() {
        for text in ["100m", "1", "0.5", "1.5Gi", "128Mi", "2000m", "1k"] {
            assert_eq!(Quantity::parse(text).expect(text).to_string(), text);
        }
        for text in
            ["", "m", "-1", "1 Mi", "128MB", "128mb", "1.", ".5", "1.2.3", "0", "0m", "1e3", "9999999999", "one"]
        {
            assert!(Quantity::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn compares_over_units() {
        let quantity = |text| Quantity::parse(text).expect("a quantity");
        assert!(quantity("1").exceeds(&quantity("999m")) && !quantity("1").exceeds(&quantity("1000m")));
        assert!(quantity("1Gi").exceeds(&quantity("1G")) && quantity("1.5Mi").exceeds(&quantity("1Mi")));
    }
}
