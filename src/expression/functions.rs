use super::evaluate::{Budget, Outcome, stopped};
use super::judge::Type;
use crate::model::schema::Shape;
use crate::value::Duration;
use regex_lite::RegexBuilder;
use serde_json::{Number, Value};
use std::ops::Range;

/// A function of expressions.
pub(super) struct Function {
    pub(super) name: &'static str,
    /// How it is written.
    pub(super) shape: &'static str,
    /// Whether it may stand after a dot.
    pub(super) is_method: bool,
    /// Which types it takes, the one before the dot first.
    pub(super) takes: &'static [fn(&Type) -> bool],
    /// Which it gives.
    pub(super) gives: fn() -> Type,
    /// What it does.
    pub(super) run: fn(&[Value], &Range<usize>, &mut Budget) -> Outcome,
}

const fn is_text(kind: &Type) -> bool {
    matches!(kind, Type::Is(Shape::Text))
}

const fn has_size(kind: &Type) -> bool {
    matches!(kind, Type::Is(Shape::Text | Shape::List(_) | Shape::Table(_)))
}

const fn is_plain(kind: &Type) -> bool {
    matches!(kind, Type::Is(Shape::Text | Shape::Flag | Shape::Whole | Shape::Number))
}

/// A row of a method of texts.
const fn of_texts(
    name: &'static str,
    shape: &'static str,
    run: fn(&[Value], &Range<usize>, &mut Budget) -> Outcome,
) -> Function {
    Function { name, shape, is_method: true, takes: &[is_text, is_text], gives: || Type::Is(Shape::Flag), run }
}

/// A row of a function of one thing.
const fn of_one(
    name: &'static str,
    shape: &'static str,
    takes: &'static [fn(&Type) -> bool],
    gives: fn() -> Type,
    run: fn(&[Value], &Range<usize>, &mut Budget) -> Outcome,
) -> Function {
    Function { name, shape, is_method: false, takes, gives, run }
}

/// Every function.
pub(super) static FUNCTIONS: [Function; 9] = [
    Function { is_method: true, ..of_one("size", "size(list)", &[has_size], || Type::Is(Shape::Whole), size) },
    of_texts("contains", "text.contains('part')", |of, at, budget| texts(of, at, budget, |a, b| a.contains(b))),
    of_texts("startsWith", "text.startsWith('part')", |of, at, budget| texts(of, at, budget, |a, b| a.starts_with(b))),
    of_texts("endsWith", "text.endsWith('part')", |of, at, budget| texts(of, at, budget, |a, b| a.ends_with(b))),
    of_texts("matches", "text.matches('expression')", matches),
    of_one("duration", "duration('2s')", &[is_text], || Type::Is(Shape::Whole), duration),
    of_one("int", "int(value)", &[is_plain], || Type::Is(Shape::Whole), int),
    of_one("double", "double(value)", &[is_plain], || Type::Is(Shape::Number), double),
    of_one("string", "string(value)", &[is_plain], || Type::Is(Shape::Text), string),
];

fn size(of: &[Value], at: &Range<usize>, _: &mut Budget) -> Outcome {
    let size = match of {
        [Value::String(text)] => text.chars().count(),
        [Value::Array(items)] => items.len(),
        [Value::Object(fields)] => fields.len(),
        _ => return Err(stopped(at, "only strings, lists and maps have a size")),
    };
    Ok(Value::from(size))
}

fn texts(of: &[Value], at: &Range<usize>, budget: &mut Budget, ask: fn(&str, &str) -> bool) -> Outcome {
    let [Value::String(text), Value::String(part)] = of else {
        return Err(stopped(at, "asked of what is no string"));
    };
    budget.spend(text.len() / 16, at)?;
    Ok(Value::Bool(ask(text, part)))
}

/// The longest pattern of `matches`, and how large a compiled one may be, in bytes.
const LONGEST: usize = 1024;
const LARGEST: usize = 1 << 20;

/// Whether a text has a part that matches: the engine is linear in the text, whatever the pattern.
fn matches(of: &[Value], at: &Range<usize>, budget: &mut Budget) -> Outcome {
    let [Value::String(text), Value::String(pattern)] = of else {
        return Err(stopped(at, "asked of what is no string"));
    };
    if pattern.len() > LONGEST {
        return Err(stopped(at, format!("a pattern has at most {LONGEST} bytes")));
    }
    budget.spend(pattern.len() * 16, at)?;
    let regex = RegexBuilder::new(pattern).size_limit(LARGEST).build();
    let regex = regex.map_err(|error| stopped(at, format!("no pattern: {error}")))?;
    budget.spend(text.len() * pattern.len(), at)?;
    Ok(Value::Bool(regex.is_match(text)))
}

/// Milliseconds, to be compared with others.
fn duration(of: &[Value], at: &Range<usize>, _: &mut Budget) -> Outcome {
    let [Value::String(text)] = of else { return Err(stopped(at, "asked of what is no string")) };
    let duration = Duration::parse(text).map_err(|mismatch| stopped(at, format!("expected {}", mismatch.expected)))?;
    Ok(Value::from(duration.milliseconds()))
}

fn int(of: &[Value], at: &Range<usize>, _: &mut Budget) -> Outcome {
    let number = match of {
        [Value::Number(number)] => number.as_i64().or_else(|| number.as_f64().and_then(whole)),
        [Value::String(text)] => text.parse().ok(),
        _ => None,
    };
    number.map(Value::from).ok_or_else(|| stopped(at, "no whole number"))
}

pub(super) fn whole(number: f64) -> Option<i64> {
    #[allow(clippy::cast_possible_truncation, reason = "CEL cuts the part after the point off; beyond it says no")]
    (number.abs() < 9e18).then_some(number as i64)
}

fn double(of: &[Value], at: &Range<usize>, _: &mut Budget) -> Outcome {
    let number = match of {
        [Value::String(text)] => text.parse().ok(),
        [value] => value.as_f64(),
        _ => None,
    };
    let number = number.and_then(Number::from_f64);
    number.map(Value::Number).ok_or_else(|| stopped(at, "no number"))
}

fn string(of: &[Value], at: &Range<usize>, budget: &mut Budget) -> Outcome {
    match of {
        [Value::String(text)] => {
            budget.make(text.len(), at)?;
            Ok(Value::from(text.as_str()))
        }
        [value @ (Value::Bool(_) | Value::Number(_))] => Ok(Value::from(value.to_string())),
        _ => Err(stopped(at, "no string is made of this")),
    }
}
