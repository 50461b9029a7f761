//! What a scalar without quotes is to Kubernetes: YAML 1.1 in parts, as sigs.k8s.io/yaml reads it.

use super::node::Value;
use smol_str::SmolStr;

/// The letters of the longest word that means something else than itself.
const LONGEST: usize = 5;

/// Reads `text`, which stands without quotes; none where it has no place in JSON.
pub(super) fn resolved(text: &str) -> Option<Value> {
    if text.len() > LONGEST {
        return Some(number(text).unwrap_or_else(|| Value::Text(SmolStr::new(text))));
    }
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Some(Value::Null),
        "true" | "True" | "TRUE" | "y" | "Y" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" => {
            return Some(Value::Boolean(true));
        }
        "false" | "False" | "FALSE" | "n" | "N" | "no" | "No" | "NO" | "off" | "Off" | "OFF" => {
            return Some(Value::Boolean(false));
        }
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" | "-.inf" | "-.Inf" | "-.INF" | ".nan" | ".NaN"
        | ".NAN" => return None,
        _ => {}
    }
    Some(number(text).unwrap_or_else(|| Value::Text(SmolStr::new(text))))
}

/// The number that `text` is, if it is one.
fn number(text: &str) -> Option<Value> {
    let first = *text.as_bytes().first()?;
    if first == b'.' {
        return decimal(text);
    }
    if !first.is_ascii_digit() && first != b'-' && first != b'+' {
        return None;
    }
    let plain = if text.contains('_') { text.replace('_', "") } else { text.to_owned() };
    integer(&plain).or_else(|| decimal(&plain))
}

/// A whole number in one of Go's bases; larger ones than JSON's readers keep whole become decimals.
fn integer(text: &str) -> Option<Value> {
    let (sign, digits) = match text.as_bytes().first()? {
        b'-' => (-1, text.get(1..)?),
        b'+' => (1, text.get(1..)?),
        _ => (1, text),
    };
    let lower = digits.get(..2).map(str::to_ascii_lowercase).unwrap_or_default();
    let (base, digits) = match lower.as_str() {
        "0x" => (16, digits.get(2..)?),
        "0o" => (8, digits.get(2..)?),
        "0b" => (2, digits.get(2..)?),
        _ if digits.len() > 1 && digits.starts_with('0') => (8, digits.get(1..)?),
        _ => (10, digits),
    };
    // A second sign is none of Go's.
    if digits.starts_with(['-', '+']) {
        return None;
    }
    let whole = i128::from(u64::from_str_radix(digits, base).ok()?) * sign;
    match i64::try_from(whole) {
        Ok(whole) => Some(Value::Integer(whole)),
        #[allow(clippy::cast_precision_loss, reason = "what JSON's readers make of such a number")]
        Err(_) if sign > 0 => Some(Value::Decimal(whole as f64)),
        Err(_) => None,
    }
}

fn decimal(text: &str) -> Option<Value> {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (mantissa, exponent) = unsigned.split_once(['e', 'E']).map_or((unsigned, None), |(m, e)| (m, Some(e)));
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let is_exponent = |text: &str| {
        let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
        !digits.is_empty() && is_digits(digits)
    };
    let has_digits = !whole.is_empty() || !fraction.is_empty();
    if !has_digits || !is_digits(whole) || !is_digits(fraction) || !exponent.is_none_or(is_exponent) {
        return None;
    }
    text.parse().ok().filter(|number: &f64| number.is_finite()).map(from_decimal)
}

/// A number of JSON: one without a fraction is whole, as far as it can be told.
pub(super) fn from_decimal(number: f64) -> Value {
    #[allow(clippy::cast_possible_truncation, reason = "within what both can say")]
    match number.fract() == 0.0 && number.abs() < 9.0e18 {
        true => Value::Integer(number as i64),
        false => Value::Decimal(number),
    }
}

#[cfg(test)]
mod tests {
    use super::resolved;
    use crate::verbatim::Value;

    /// Each as `kubectl label --local -f - -o json` shows it.
    #[test]
    fn reads_as_kubectl_does() {
        for (text, value) in [
            ("y", Value::Boolean(true)),
            ("Yes", Value::Boolean(true)),
            ("off", Value::Boolean(false)),
            ("010", Value::Integer(8)),
            ("0x1F", Value::Integer(31)),
            ("+0x1F", Value::Integer(31)),
            ("0o17", Value::Integer(15)),
            ("0b11", Value::Integer(3)),
            ("-0b11", Value::Integer(-3)),
            ("1_000", Value::Integer(1000)),
            ("0_1", Value::Integer(1)),
            ("1e3", Value::Integer(1000)),
            ("1.0", Value::Integer(1)),
            ("+1", Value::Integer(1)),
            (".5", Value::Decimal(0.5)),
            (".5e1", Value::Integer(5)),
            ("1.", Value::Integer(1)),
            ("08", Value::Integer(8)),
            ("09.5", Value::Decimal(9.5)),
            ("-1_0", Value::Integer(-10)),
            ("-0.0", Value::Integer(0)),
            ("99999999999999999999", Value::Decimal(1e20)),
            ("18446744073709551615", Value::Decimal(18_446_744_073_709_551_615.0)),
        ] {
            assert_eq!(resolved(text), Some(value), "{text}");
        }
        for text in ["oN", "12:30", "2026-11-28", "0b", "1e", "1.5e400", "10.0.0.1", "1.2.3", "-", "--1", "5xx", "."] {
            assert_eq!(resolved(text), Some(Value::Text(text.into())), "{text}");
        }
        assert_eq!(resolved(".inf"), None);
    }
}
