//! What templates may call: nothing that makes a list or a map, reads a clock or a file, or works uncounted.

use minijinja::value::{Rest, Value};
use minijinja::{AutoEscape, Environment, Error, ErrorKind, Output, State, filters, functions};

/// All of it, for those who look for something else.
pub(super) const HELP: &str = "there are the filters `abs`, `between`, `default`, `duration`, `first`, `has`, `int`, `join`, `json`, `label`, `last`, `length`, `lower`, `number`, `one_of`, `plus`, `replace`, `round`, `slug`, `times`, `trim`, `upper`, and the function `range`";

/// Bytes of a value as JSON.
const MOST_JSON: usize = 64 * 1024;

#[allow(clippy::wildcard_enum_match_arm, reason = "an enum of another crate, of which more may come")]
pub(super) fn add(environment: &mut Environment<'_>) {
    environment.add_filter("abs", filters::abs);
    environment.add_filter("between", between);
    environment.add_filter("default", filters::default);
    environment.add_filter("duration", duration);
    environment.add_filter("first", filters::first);
    environment.add_filter("has", has);
    environment.add_filter("int", filters::int);
    environment.add_filter("join", filters::join);
    environment.add_filter("json", json);
    environment.add_filter("label", label);
    environment.add_filter("last", filters::last);
    environment.add_filter("length", filters::length);
    environment.add_filter("lower", filters::lower);
    environment.add_filter("number", number);
    environment.add_filter("one_of", one_of);
    environment.add_filter("plus", plus);
    environment.add_filter("replace", filters::replace);
    environment.add_filter("round", filters::round);
    environment.add_filter("slug", slug);
    environment.add_filter("times", times);
    environment.add_filter("trim", filters::trim);
    environment.add_filter("upper", filters::upper);
    environment.add_test("defined", minijinja::tests::is_defined);
    environment.add_test("none", minijinja::tests::is_none);
    environment.add_test("string", minijinja::tests::is_string);
    environment.add_test("number", minijinja::tests::is_number);
    environment.add_function("range", functions::range);
    environment.set_auto_escape_callback(|_| AutoEscape::None);
    environment.set_formatter(|out: &mut Output<'_>, _: &mut State<'_, '_>, value: &Value| {
        if value.is_undefined() {
            return Err(Error::new(ErrorKind::UndefinedError, "the value is not defined"));
        }
        match value.kind() {
            // What Jinja would write as `True` and `None` is written as YAML and JSON have it.
            minijinja::value::ValueKind::Bool => out.write_str(if value.is_true() { "true" } else { "false" }),
            minijinja::value::ValueKind::None => out.write_str("null"),
            minijinja::value::ValueKind::Number | minijinja::value::ValueKind::String => write!(out, "{value}"),
            _ => {
                return Err(Error::new(
                    ErrorKind::InvalidOperation,
                    "a list or a map is written by the filter `json`, or item by item",
                ));
            }
        }
        .map_err(Error::from)
    });
}

/// A value as JSON, which is YAML too: the one way to write a text of which nobody knows what it holds.
fn json(value: &Value) -> Result<String, Error> {
    let text =
        serde_json::to_string(value).map_err(|_| Error::new(ErrorKind::InvalidOperation, "this value has no JSON"))?;
    if text.len() > MOST_JSON {
        return Err(Error::new(ErrorKind::InvalidOperation, "this value is longer than 64 KiB as JSON"));
    }
    Ok(text)
}

fn plus(value: i64, other: i64) -> Result<i64, Error> {
    value.checked_add(other).ok_or_else(|| Error::new(ErrorKind::InvalidOperation, "the sum is too large"))
}

fn times(value: i64, other: i64) -> Result<i64, Error> {
    value.checked_mul(other).ok_or_else(|| Error::new(ErrorKind::InvalidOperation, "the product is too large"))
}

/// A text that is a number, as it is written: in an expression of another language it cannot be anything else.
fn number(text: &str) -> Result<String, Error> {
    taken(text, is_number(text), "a number")
}

fn is_number(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
        && text.starts_with(|first: char| first.is_ascii_digit())
        && text.parse::<f64>().is_ok()
}

/// A text that is a number above one and below another.
fn between(text: &str, low: f64, high: f64) -> Result<String, Error> {
    let is_between = is_number(text) && text.parse().is_ok_and(|number: f64| number > low && number < high);
    taken(text, is_between, &format!("a number above {low} and below {high}"))
}

/// A text that is a duration to Prometheus: `30s`, `1m30s`.
fn duration(text: &str) -> Result<String, Error> {
    let mut rest = text;
    let mut units = ["y", "w", "d", "h", "m", "s", "ms"].iter();
    while !rest.is_empty() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let (count, behind) = rest.split_at(digits);
        let letters = behind.bytes().take_while(u8::is_ascii_lowercase).count();
        let (unit, behind) = behind.split_at(letters);
        let is_part = digits > 0 && digits < 8 && !count.starts_with('0');
        if !is_part || !units.any(|known| *known == unit) {
            return taken(text, false, "a duration such as `30s` or `1m30s`");
        }
        rest = behind;
    }
    taken(text, !text.is_empty(), "a duration such as `30s` or `1m30s`")
}

/// A text that is the key of a label.
fn label(text: &str) -> Result<String, Error> {
    let (prefix, name) = text.split_once('/').map_or((None, text), |(prefix, name)| (Some(prefix), name));
    let is_end = |end: Option<&u8>| end.is_some_and(u8::is_ascii_alphanumeric);
    let is_part = |part: &str, longest: usize, more: &[u8]| {
        let bytes = part.as_bytes();
        let is_inner = |byte: &u8| byte.is_ascii_alphanumeric() || more.contains(byte);
        part.len() <= longest && is_end(bytes.first()) && is_end(bytes.last()) && bytes.iter().all(is_inner)
    };
    let is_key = is_part(name, 63, b"-_.") && prefix.is_none_or(|prefix| is_part(prefix, 253, b"-."));
    taken(text, is_key, "the key of a label, such as `grafana_dashboard`")
}

/// A text that is one of some.
#[allow(clippy::needless_pass_by_value, reason = "minijinja hands the rest of the arguments over so")]
fn one_of(text: &str, known: Rest<String>) -> Result<String, Error> {
    let listed: Vec<String> = known.iter().map(|known| format!("`{known}`")).collect();
    taken(text, known.iter().any(|known| known == text), &format!("one of {}", listed.join(", ")))
}

/// Whether an item of a list has one of these values under a key.
#[allow(clippy::needless_pass_by_value, reason = "minijinja hands the rest of the arguments over so")]
fn has(list: &Value, key: &str, values: Rest<String>) -> Result<bool, Error> {
    let mut items = list.try_iter()?;
    let is_one = |value: &Value| value.as_str().is_some_and(|text| values.iter().any(|known| known == text));
    Ok(items.any(|item| item.get_attr(key).is_ok_and(|value| is_one(&value))))
}

fn taken(text: &str, is_taken: bool, expected: &str) -> Result<String, Error> {
    match is_taken {
        true => Ok(text.to_owned()),
        false => Err(Error::new(
            ErrorKind::InvalidOperation,
            format!("expected {expected}, found `{}`", text.escape_debug()),
        )),
    }
}

/// A text as part of the name of an object: what may not stand there becomes `-`.
fn slug(text: &str) -> String {
    let plain = |letter: char| if letter.is_ascii_alphanumeric() { letter.to_ascii_lowercase() } else { '-' };
    text.chars().map(plain).collect::<String>().trim_matches('-').to_owned()
}
