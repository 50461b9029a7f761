//! What a scalar without quotes is, where every reader of YAML says the same.

use super::node::Value;
use smol_str::SmolStr;

/// A text that one reader takes for a string and another for something else: Kubernetes reads YAML 1.1 in parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Ambiguous;

/// Words that are a boolean, a number or a merge to some readers.
const WORDS: [&str; 14] =
    ["y", "n", "yes", "no", "on", "off", ".inf", "-.inf", "+.inf", ".nan", "<<", "=", "-.infinity", ".infinity"];
/// Words that are `true` or `false` in one spelling alone.
const SPELLINGS: [&str; 3] = ["true", "false", "null"];

/// Reads `text`, which stands without quotes.
pub(super) fn plain(text: &str) -> Result<Value, Ambiguous> {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Ok(Value::Null),
        "true" | "True" | "TRUE" => return Ok(Value::Boolean(true)),
        "false" | "False" | "FALSE" => return Ok(Value::Boolean(false)),
        _ => {}
    }
    if WORDS.iter().chain(&SPELLINGS).any(|word| word.eq_ignore_ascii_case(text)) {
        return Err(Ambiguous);
    }
    match number(text) {
        Number::None => Ok(Value::Text(SmolStr::new(text))),
        Number::Of(value) => Ok(value),
        Number::Perhaps => Err(Ambiguous),
    }
}

enum Number {
    None,
    Of(Value),
    Perhaps,
}

fn number(text: &str) -> Number {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let bytes = unsigned.as_bytes();
    if !bytes.iter().find(|byte| **byte != b'.').is_some_and(u8::is_ascii_digit) {
        return Number::None;
    }
    let holds_only = |allowed: &[u8]| bytes.iter().all(|byte| byte.is_ascii_digit() || allowed.contains(byte));
    if holds_only(b"") || (holds_only(b".") && unsigned.matches('.').count() == 1) {
        return canonical(text, unsigned);
    }
    let based = matches!(bytes, [b'0', mark, _, ..] if b"xXoObB".contains(mark))
        && bytes.iter().skip(2).all(|byte| byte.is_ascii_hexdigit() || *byte == b'_');
    let grouped = holds_only(b"_.") && unsigned.contains('_');
    let base_60 = holds_only(b":._") && unsigned.contains(':');
    let scientific = holds_only(b".eE+-") && unsigned.parse::<f64>().is_ok();
    if based || grouped || base_60 || scientific || is_date(bytes) { Number::Perhaps } else { Number::None }
}

/// A number of digits and at most one point.
fn canonical(text: &str, unsigned: &str) -> Number {
    let whole = unsigned.split('.').next().unwrap_or_default();
    let is_padded = whole.len() > 1 && whole.starts_with('0');
    if is_padded || whole.is_empty() || unsigned.ends_with('.') || text.starts_with('+') {
        return Number::Perhaps;
    }
    let read = if unsigned.contains('.') {
        text.parse().ok().filter(|number: &f64| number.is_finite()).map(Value::Decimal)
    } else {
        text.parse().ok().map(Value::Integer)
    };
    read.map_or(Number::Perhaps, Number::Of)
}

/// `2026-11-28`, and with a time behind it.
fn is_date(bytes: &[u8]) -> bool {
    let mut parts = bytes.splitn(3, |byte| *byte == b'-');
    let digits = |part: Option<&[u8]>, most: usize| {
        part.is_some_and(|part| part.len() <= most && !part.is_empty() && part.iter().all(u8::is_ascii_digit))
    };
    let (year, month) = (digits(parts.next(), 4), digits(parts.next(), 2));
    year && month && parts.next().and_then(|day| day.first()).is_some_and(u8::is_ascii_digit)
}

#[cfg(test)]
mod tests {
    use super::{Ambiguous, plain};
    use crate::verbatim::Value;

    #[test]
    fn reads_what_every_reader_reads_alike() {
        for (text, value) in [
            ("", Value::Null),
            ("true", Value::Boolean(true)),
            ("False", Value::Boolean(false)),
            ("0", Value::Integer(0)),
            ("-12", Value::Integer(-12)),
            ("9223372036854775807", Value::Integer(i64::MAX)),
            ("1.5", Value::Decimal(1.5)),
            ("1.30", Value::Decimal(1.3)),
        ] {
            assert_eq!(plain(text), Ok(value), "{text}");
        }
        for text in [
            "web",
            "10.0.0.0/8",
            "10.0.0.1",
            "2s",
            "500ms",
            "100m",
            "a:b",
            "v1",
            "-",
            "1.2.3",
            "--x",
            "128Mi",
            "1a2b",
            "*.shop.example",
            "yesterday",
            "http://x",
            "5xx",
            "1-2",
            "fd00::1",
        ] {
            assert_eq!(plain(text), Ok(Value::Text(text.into())), "{text}");
        }
    }

    #[test]
    fn refuses_what_readers_read_differently() {
        for text in [
            "y",
            "NO",
            "on",
            "Off",
            "yes",
            "tRue",
            "nULL",
            "010",
            "0x1F",
            "0o17",
            "0b1",
            "1_000",
            "12:30",
            "190:20:30",
            "1e3",
            "1.5e+3",
            "+1",
            ".5",
            "1.",
            "2026-11-28",
            "2026-11-28T10:00:00Z",
            ".inf",
            ".NaN",
            "<<",
            "=",
            "1_0.5",
            "99999999999999999999",
            "00",
            "-01",
        ] {
            assert_eq!(plain(text), Err(Ambiguous), "{text}");
        }
    }
}
