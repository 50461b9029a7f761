//! Numbers as KDL writes them.

use super::document::Value;
use std::borrow::Cow;

/// A number that was read.
pub(super) struct Number {
    /// The value; of an integer beyond `i128` the nearest decimal.
    pub(super) value: Value<'static>,
    /// Whether the value is the number that was written, to the precision of its type.
    pub(super) in_range: bool,
    /// Whether a zero stands before other digits, which some languages take for octal.
    pub(super) leading_zero: bool,
}

/// Whether a bare word begins as numbers do, so that KDL lets it be nothing else.
pub(super) fn is_number_like(text: &str) -> bool {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    unsigned.strip_prefix('.').unwrap_or(unsigned).starts_with(|first: char| first.is_ascii_digit())
}

/// Reads a number, if all of `text` is one.
pub(super) fn read(text: &str) -> Option<Number> {
    let (negative, digits) = match text.as_bytes().first()? {
        b'-' => (true, text.get(1..)?),
        b'+' => (false, text.get(1..)?),
        _ => (false, text),
    };
    match digits.as_bytes() {
        [b'0', b'x', ..] => integer(negative, digits.get(2..)?, 16),
        [b'0', b'o', ..] => integer(negative, digits.get(2..)?, 8),
        [b'0', b'b', ..] => integer(negative, digits.get(2..)?, 2),
        _ => decimal(negative, digits, text),
    }
}

fn decimal(negative: bool, digits: &str, text: &str) -> Option<Number> {
    let leading_zero = matches!(digits.as_bytes(), [b'0', b'0'..=b'9' | b'_', ..]);
    let Some(split) = digits.find(['.', 'e', 'E']) else {
        return Some(Number { leading_zero, ..integer(negative, digits, 10)? });
    };
    let (mantissa, exponent) = match digits.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (digits, None),
    };
    let mut parts = [digits.get(..split)?, "0", "0"];
    if let Some((whole, fraction)) = mantissa.split_once('.') {
        parts = [whole, fraction, "0"];
    }
    if let (Some(exponent), [_, _, last]) = (exponent, &mut parts) {
        *last = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    }
    parts.iter().all(|part| is_digits(part)).then_some(())?;
    let value: f64 = without_underscores(text).parse().ok()?;
    let zero = mantissa.bytes().all(|byte| matches!(byte, b'0' | b'.' | b'_'));
    let in_range = value.is_finite() && (value.is_normal() || zero);
    Some(Number { value: Value::Decimal(value), in_range, leading_zero })
}

/// Reads a whole number of base 10, 16, 8 or 2.
fn integer(negative: bool, digits: &str, base: u32) -> Option<Number> {
    let first = digits.chars().next()?;
    first.is_digit(base).then_some(())?;
    if let Some(small) = small(digits, base) {
        let value = Value::Integer(if negative { -i128::from(small) } else { small.into() });
        return Some(Number { value, in_range: true, leading_zero: false });
    }
    let mut exact: Option<i128> = Some(0);
    let mut nearest = 0.0_f64;
    for character in digits.chars().filter(|&character| character != '_') {
        let digit = if negative { -i128::from(character.to_digit(base)?) } else { character.to_digit(base)?.into() };
        exact = exact.and_then(|sum| sum.checked_mul(base.into())?.checked_add(digit));
        if exact.is_none() {
            nearest = nearest.mul_add(base.into(), f64::from(character.to_digit(base)?));
        }
    }
    let value = match exact {
        Some(exact) => Value::Integer(exact),
        None if base == 10 => Value::Decimal(without_underscores(digits).parse().ok()?),
        None => Value::Decimal(nearest),
    };
    Some(Number { value, in_range: exact.is_some(), leading_zero: false })
}

/// The value of so few digits that no sum can be too large, which is almost every number.
fn small(digits: &str, base: u32) -> Option<u64> {
    if digits.len() > 15 {
        return None;
    }
    digits.chars().try_fold(0_u64, |sum, character| Some(sum * u64::from(base) + u64::from(character.to_digit(base)?)))
}

/// Whether `text` is a digit and then digits or underscores.
fn is_digits(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_digit())
        && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_')
}

fn without_underscores(text: &str) -> Cow<'_, str> {
    if text.contains('_') { Cow::Owned(text.replace('_', "")) } else { Cow::Borrowed(text) }
}
