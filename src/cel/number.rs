use super::Fault;
use serde_json::{Number, Value};

/// A number at the beginning of `rest`, and how long it is written.
pub(super) fn read(rest: &str, at: usize) -> Result<(Value, usize), Fault> {
    let is_unsigned = |length: usize| rest[length..].starts_with(['u', 'U']);
    let (value, length) = if let Some(digits) = rest.strip_prefix("0x") {
        let length = 2 + run(digits, |c| c.is_ascii_hexdigit());
        (whole(&rest[2..length], 16, is_unsigned(length)), length)
    } else {
        decimal(rest, is_unsigned)
    };
    let unsigned = usize::from(is_unsigned(length));
    let value =
        value.filter(|_| !rest[length + unsigned..].starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_'));
    let Some(value) = value else {
        let all = run(rest, |c| c.is_ascii_alphanumeric() || c == '.' || c == '_');
        return Err(Fault::new(at..at + all, format!("`{}` is no number of CEL", &rest[..all]), "no number"));
    };
    Ok((value, length + unsigned))
}

fn decimal(rest: &str, is_unsigned: impl Fn(usize) -> bool) -> (Option<Value>, usize) {
    let mut length = run(rest, |c| c.is_ascii_digit());
    let mut is_whole = true;
    if rest[length..].starts_with('.') && rest[length + 1..].starts_with(|c: char| c.is_ascii_digit()) {
        length += 1 + run(&rest[length + 1..], |c| c.is_ascii_digit());
        is_whole = false;
    }
    if rest[length..].starts_with(['e', 'E']) {
        let sign = usize::from(rest[length + 1..].starts_with(['+', '-']));
        let digits = run(&rest[length + 1 + sign..], |c| c.is_ascii_digit());
        length += 1 + sign + digits;
        is_whole = false;
    }
    let text = &rest[..length];
    let value = match is_whole {
        true => whole(text, 10, is_unsigned(length)),
        false => text.parse::<f64>().ok().and_then(Number::from_f64).map(Value::Number),
    };
    (value, length)
}

fn whole(digits: &str, radix: u32, is_unsigned: bool) -> Option<Value> {
    match is_unsigned {
        true => u64::from_str_radix(digits, radix).ok().map(Value::from),
        false => i64::from_str_radix(digits, radix).ok().map(Value::from),
    }
}

fn run(text: &str, is_part: impl Fn(char) -> bool) -> usize {
    text.len() - text.trim_start_matches(is_part).len()
}
