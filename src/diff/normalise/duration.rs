use crate::value::Duration;

/// Units of Go's durations, in nanoseconds.
const UNITS: [(&str, u64); 8] = [
    ("ns", 1),
    ("us", 1_000),
    ("µs", 1_000),
    ("μs", 1_000),
    ("ms", 1_000_000),
    ("s", 1_000_000_000),
    ("m", 60_000_000_000),
    ("h", 3_600_000_000_000),
];

/// A duration as Go reads it, in the one spelling; none where it is none, or no whole number of milliseconds.
pub(super) fn canonical(text: &str) -> Option<String> {
    let (mut rest, mut total) = (text, 0_u64);
    match rest {
        "" => return None,
        "0" => return Some("0s".to_owned()),
        _ => {}
    }
    while !rest.is_empty() {
        let number = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.').len();
        let (number, after) = rest.split_at(number);
        let unit = after.len() - after.trim_start_matches(|c: char| c.is_alphabetic()).len();
        let (unit, after) = after.split_at(unit);
        let (_, factor) = UNITS.iter().find(|(name, _)| *name == unit)?;
        total = total.checked_add(nanoseconds(number, *factor)?)?;
        rest = after;
    }
    match (total % 1_000_000, total / 1_000_000) {
        (0, 0) => Some("0s".to_owned()),
        (0, milliseconds) => Some(Duration::shown(milliseconds)),
        _ => None,
    }
}

fn nanoseconds(number: &str, factor: u64) -> Option<u64> {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    if whole.is_empty() && fraction.is_empty() || fraction.len() > 9 || fraction.contains('.') {
        return None;
    }
    let whole: u64 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
    let part: u64 = if fraction.is_empty() { 0 } else { fraction.parse().ok()? };
    let scale = 10_u64.pow(u32::try_from(fraction.len()).ok()?);
    let part = u64::try_from(u128::from(part) * u128::from(factor) / u128::from(scale)).ok()?;
    whole.checked_mul(factor)?.checked_add(part)
}

#[cfg(test)]
mod tests {
    use super::canonical;

    #[test]
    fn durations_are_spelled_in_one_way() {
        for (one, other) in [
            ("1000ms", "1s"),
            ("60s", "1m0s"),
            ("1.5s", "1500ms"),
            ("0.5h", "30m"),
            ("90m", "1h30m0s"),
            ("0s", "0ms"),
            ("1000us", "1ms"),
            (".5s", "500ms"),
        ] {
            assert!(canonical(one).is_some(), "{one}");
            assert_eq!(canonical(one), canonical(other), "{one}");
        }
        for text in ["", "1", "s", "1x", "-1s", "1us", "1..5s", "999999999999h"] {
            assert_eq!(canonical(text), None, "{text}");
        }
    }
}
