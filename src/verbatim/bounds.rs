//! What numbers and texts a field takes, beside their type: ranges, durations, protocols.

use super::fit::{WRONG_FIELD_TYPE, listed};
use super::kinds::{Range, Type};
use super::node::{Node, Value};
use crate::diagnostic::{Diagnostic, nearest};

/// What a port of Istio may speak, in whatever case.
const PROTOCOLS: [&str; 13] = [
    "HTTP",
    "HTTPS",
    "HTTP2",
    "GRPC",
    "GRPC-WEB",
    "TLS",
    "TCP",
    "HTTP_PROXY",
    "MONGO",
    "MYSQL",
    "REDIS",
    "UDP",
    "HBONE",
];

/// What of a number or a text its field does not take.
pub(super) fn scalar(node: &Node, kind: Type, path: &str) -> Option<Diagnostic> {
    match (&node.value, kind) {
        (Value::Integer(number), Type::Integer(range)) => {
            (!range.holds(|low| *number >= low, |high| *number <= high)).then(|| outside(node, range, path))
        }
        (Value::Integer(_) | Value::Decimal(_), Type::Number(range)) => {
            let number = node.value.number().unwrap_or_default();
            (!range.holds(|low| number >= float(low), |high| number <= float(high))).then(|| outside(node, range, path))
        }
        (Value::Text(text), Type::Duration { or_none }) => match nanoseconds(text) {
            Some(time) if time >= 1e6 || (or_none && time >= 0.0) => None,
            Some(_) => Some(refused(node, path, "shorter than a millisecond").help("write a longer one")),
            None => Some(
                refused(node, path, "no duration")
                    .note("Istio reads numbers with the units `h`, `m`, `s` and `ms`")
                    .help("write a duration such as `5s`"),
            ),
        },
        (Value::Integer(_) | Value::Decimal(_), Type::Duration { .. }) => {
            let fault = of_another_type(node, kind.words(), path);
            Some(match node.span() {
                Some(span) => fault.fix_around("seconds, if those are meant", span, ("", "s")),
                None => fault.help("write a duration such as `5s`"),
            })
        }
        (Value::Text(text), Type::Protocol) => {
            let is_known = PROTOCOLS.iter().any(|known| known.eq_ignore_ascii_case(text));
            (!is_known).then(|| no_protocol(node, text, path))
        }
        (_, kind) => Some(of_another_type(node, kind.words(), path).help(format!("write {}", kind.words()))),
    }
}

/// A value of another type than its field has.
pub(super) fn of_another_type(node: &Node, expected: &str, path: &str) -> Diagnostic {
    let title = format!("expected {expected} in `{path}`, found {}", node.value.words());
    Diagnostic::new(&WRONG_FIELD_TYPE, title).at_known(node.span(), "of another type than its field")
}

fn refused(node: &Node, path: &str, why: &str) -> Diagnostic {
    let said = match &node.value {
        Value::Text(text) => format!("`{}`", text.escape_debug()),
        Value::Integer(number) => format!("`{number}`"),
        Value::Decimal(number) => format!("`{number}`"),
        Value::Null | Value::Boolean(_) | Value::List(_) | Value::Map(_) => node.value.words().to_owned(),
    };
    Diagnostic::new(&WRONG_FIELD_TYPE, format!("`{path}` does not take {said}")).at_known(node.span(), why)
}

fn outside(node: &Node, range: Range, path: &str) -> Diagnostic {
    let of = match (range.low, range.high) {
        (Some(low), Some(high)) => format!("from {low} to {high}"),
        (Some(low), None) => format!("of at least {low}"),
        (None, Some(high)) => format!("of at most {high}"),
        (None, None) => String::new(),
    };
    refused(node, path, "out of its range").help(format!("write a number {of}"))
}

fn no_protocol(node: &Node, text: &str, path: &str) -> Diagnostic {
    let fault = refused(node, path, "no protocol that Istio knows");
    match (nearest(&text.to_ascii_uppercase(), PROTOCOLS.iter().copied()), node.span()) {
        (Some(near), Some(span)) => fault.fix(format!("did you mean `{near}`?"), span, near),
        _ => fault.help(format!("it takes {}", listed(&PROTOCOLS))),
    }
}

impl Range {
    fn holds(self, from: impl Fn(i64) -> bool, to: impl Fn(i64) -> bool) -> bool {
        self.low.is_none_or(from) && self.high.is_none_or(to)
    }
}

#[allow(clippy::cast_precision_loss, reason = "the bounds are small")]
fn float(bound: i64) -> f64 {
    bound as f64
}

/// A duration as Go reads it, in nanoseconds.
fn nanoseconds(text: &str) -> Option<f64> {
    const UNITS: [(&str, f64); 8] = [
        ("ns", 1.0),
        ("us", 1e3),
        ("\u{b5}s", 1e3),
        ("\u{3bc}s", 1e3),
        ("ms", 1e6),
        ("s", 1e9),
        ("m", 6e10),
        ("h", 3.6e12),
    ];
    let (sign, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (-1.0, rest),
        None => (1.0, text.strip_prefix('+').unwrap_or(text)),
    };
    if rest == "0" {
        return Some(0.0);
    }
    let mut sum = None;
    while !rest.is_empty() {
        let digits = rest.find(|letter: char| !letter.is_ascii_digit() && letter != '.')?;
        let (count, behind) = rest.split_at(digits);
        let letters = behind.find(|letter: char| letter.is_ascii_digit() || letter == '.').unwrap_or(behind.len());
        let (unit, behind) = behind.split_at(letters);
        let (_, size) = UNITS.iter().find(|(known, _)| *known == unit)?;
        sum = Some(sum.unwrap_or(0.0) + count.parse::<f64>().ok()? * size);
        rest = behind;
    }
    sum.map(|sum| sign * sum)
}

#[cfg(test)]
mod tests {
    use super::nanoseconds;

    #[test]
    fn durations_are_read_as_go_reads_them() {
        for (text, expected) in
            [("5s", 5e9), ("1.5s", 1.5e9), ("1h30m", 5.4e12), ("500ms", 5e8), ("0s", 0.0), ("0", 0.0), ("-5s", -5e9)]
        {
            assert_eq!(nanoseconds(text), Some(expected), "{text}");
        }
        for text in ["", "abc", "5", "s", "5 s", "5d", "1s2", ".s", "1..5s", "5S"] {
            assert_eq!(nanoseconds(text), None, "{text}");
        }
    }
}
