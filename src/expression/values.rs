use super::evaluate::{Outcome, stopped};
use crate::cel::Fault;
use crate::cel::Operator;
use serde_json::{Number, Value};
use std::cmp::Ordering;
use std::ops::Range;

/// How messages name it.
pub(super) fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a bool",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// How many values it is made of, counting a few letters as one.
pub(super) fn size(value: &Value) -> usize {
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => 1,
        Value::String(text) => 1 + text.len() / 8,
        Value::Array(items) => 1 + items.iter().map(size).sum::<usize>(),
        Value::Object(fields) => 1 + fields.values().map(size).sum::<usize>(),
    }
}

/// What comparing it costs, in bytes.
pub(super) fn length(value: &Value) -> usize {
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => 0,
        Value::String(text) => text.len(),
        Value::Array(_) | Value::Object(_) => size(value) * 16,
    }
}

/// Equal as CEL has it: numbers by what they are worth.
pub(super) fn are_equal(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => compare(left, right) == Some(Ordering::Equal),
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| are_equal(left, right))
        }
        (Value::Object(left), Value::Object(right)) => {
            let is_equal = |(name, value)| right.get(name).is_some_and(|other| are_equal(value, other));
            left.len() == right.len() && left.iter().all(is_equal)
        }
        (left, right) => left == right,
    }
}

fn compare(left: &Number, right: &Number) -> Option<Ordering> {
    match (left.as_i64(), right.as_i64()) {
        (Some(left), Some(right)) => Some(left.cmp(&right)),
        _ => left.as_f64()?.partial_cmp(&right.as_f64()?),
    }
}

/// Which comes first.
pub(super) fn order(operator: Operator, left: &Value, right: &Value, at: &Range<usize>) -> Result<Ordering, Fault> {
    let order = match (left, right) {
        (Value::Number(left), Value::Number(right)) => compare(left, right),
        (Value::String(left), Value::String(right)) => Some(left.cmp(right)),
        (Value::Bool(left), Value::Bool(right)) => Some(left.cmp(right)),
        _ => None,
    };
    let word = operator.word();
    order.ok_or_else(|| stopped(at, format!("`{word}` between {} and {}", kind(left), kind(right))))
}

/// A number of two.
pub(super) fn arithmetic(operator: Operator, left: &Value, right: &Value, at: &Range<usize>) -> Outcome {
    let (Value::Number(one), Value::Number(other)) = (left, right) else {
        return Err(stopped(at, format!("`{}` between {} and {}", operator.word(), kind(left), kind(right))));
    };
    if let (Some(one), Some(other)) = (one.as_i64(), other.as_i64()) {
        if other == 0 && matches!(operator, Operator::Divided | Operator::Rest) {
            return Err(stopped(at, "divided by zero"));
        }
        let number = whole(operator, one, other);
        return number.map(Value::from).ok_or_else(|| stopped(at, "a number of more than 64 bits"));
    }
    let (one, other) = (one.as_f64().unwrap_or(f64::NAN), other.as_f64().unwrap_or(f64::NAN));
    let number = if operator == Operator::Plus {
        one + other
    } else if operator == Operator::Minus {
        one - other
    } else if operator == Operator::Times {
        one * other
    } else {
        one / other
    };
    let number = Number::from_f64(number).filter(|_| operator != Operator::Rest);
    number.map(Value::Number).ok_or_else(|| stopped(at, "no finite number"))
}

fn whole(operator: Operator, one: i64, other: i64) -> Option<i64> {
    if operator == Operator::Plus {
        one.checked_add(other)
    } else if operator == Operator::Minus {
        one.checked_sub(other)
    } else if operator == Operator::Times {
        one.checked_mul(other)
    } else if operator == Operator::Divided {
        one.checked_div(other)
    } else {
        one.checked_rem(other)
    }
}
