use super::Mismatch;
use std::fmt;

/// A span of time in whole milliseconds, from 1 ms to 8760 h (Istio: at least 1 ms, whole ms).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Duration {
    milliseconds: u64,
}

const UNITS: [(&str, u64); 4] = [("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1)];
const LONGEST: u64 = 8_760 * 3_600_000;
const EXPECTED: &str = "a duration such as `2s`, `250ms` or `1h30m`";

impl Duration {
    /// So many milliseconds; for the compiler's own defaults, which are in range.
    pub(crate) const fn of_milliseconds(milliseconds: u64) -> Self {
        Duration { milliseconds }
    }

    /// Reads whole numbers with the units h, m, s and ms, each once and falling: `1h30m`.
    ///
    /// # Errors
    /// The text is not of this form, or out of range.
    pub fn parse(text: &str) -> Result<Self, Mismatch> {
        let mut rest = text;
        let mut total: u64 = 0;
        let mut next_unit = 0;
        if rest.is_empty() {
            return Err(Mismatch::new(EXPECTED, "it is empty"));
        }
        while !rest.is_empty() {
            let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
            let (number, after) = rest.split_at(digits);
            let letters = after.len() - after.trim_start_matches(|c: char| c.is_ascii_lowercase()).len();
            let (unit, after) = after.split_at(letters);
            let factor = next_factor(unit, &mut next_unit, text)?;
            let number: u64 = number.parse().map_err(|_| not_whole(number, unit, text))?;
            total = number.checked_mul(factor).and_then(|part| total.checked_add(part)).unwrap_or(u64::MAX);
            rest = after;
        }
        match total {
            0 => Err(Mismatch::new(EXPECTED, "the shortest is `1ms`")),
            LONGEST.. if total > LONGEST => Err(Mismatch::new(EXPECTED, "the longest is `8760h`")),
            _ => Ok(Duration { milliseconds: total }),
        }
    }

    /// So many milliseconds as text, also where they are more than a duration may have.
    pub(crate) fn shown(milliseconds: u64) -> String {
        Duration { milliseconds }.to_string()
    }

    /// How many milliseconds it has.
    pub const fn milliseconds(self) -> u64 {
        self.milliseconds
    }
}

fn next_factor(unit: &str, next: &mut usize, text: &str) -> Result<u64, Mismatch> {
    let found = UNITS.iter().enumerate().skip(*next).find(|(_, (name, _))| *name == unit);
    let Some((at, (_, factor))) = found else { return Err(unknown_unit(unit, text)) };
    *next = at + 1;
    Ok(*factor)
}

fn unknown_unit(unit: &str, text: &str) -> Mismatch {
    if unit.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Mismatch::new(EXPECTED, "it has no unit").instead(format!("{text}s"));
    }
    if UNITS.iter().any(|(name, _)| *name == unit) {
        return Mismatch::new(EXPECTED, "each unit stands once, the larger before the smaller");
    }
    Mismatch::new(EXPECTED, "the units are h, m, s and ms")
}

fn not_whole(number: &str, unit: &str, text: &str) -> Mismatch {
    if number.is_empty() {
        return Mismatch::new(EXPECTED, "a number stands before its unit");
    }
    Mismatch::new(EXPECTED, format!("`{number}{unit}` in `{text}` is too long"))
}

impl fmt::Display for Duration {
    /// The shortest form, as Istio reads it: `1h30m`, `1.5s` is written `1s500ms`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.milliseconds;
        for (name, factor) in UNITS {
            if rest >= factor {
                write!(f, "{}{name}", rest / factor)?;
                rest %= factor;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::Duration;

    #[test]
    fn reads_and_prints_the_shortest_form() {
        for (text, printed) in
            [("2s", "2s"), ("250ms", "250ms"), ("1h30m", "1h30m"), ("90s", "1m30s"), ("8760h", "8760h")]
        {
            assert_eq!(Duration::parse(text).expect(text).to_string(), printed);
        }
    }

    #[test]
    fn refuses_what_istio_would_not_take() {
        for text in
            ["", "0s", "0ms", "2", "s", "1.5s", "-1s", "1s1s", "1s1h", "1d", "8761h", "99999999999999999999h", "1 s"]
        {
            assert!(Duration::parse(text).is_err(), "{text}");
        }
        assert_eq!(Duration::parse("30").expect_err("no unit").instead.as_deref(), Some("30s"));
    }
}
