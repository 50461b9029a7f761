use crate::diff::Object;
use crate::verbatim::{Entry, Node, Value};
use smol_str::SmolStr;
use std::fmt::Write;

/// A place in a tree where something may stand or not; `null` is nothing.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::diff) struct At<'n>(Option<&'n Node>);

impl<'n> At<'n> {
    /// Where `node` stands.
    pub(in crate::diff) fn of(node: Option<&'n Node>) -> Self {
        At(node.filter(|node| node.value != Value::Null))
    }

    /// Below `spec` of an object.
    pub(in crate::diff) fn spec(object: &'n Object) -> Self {
        At::of(object.body.get("spec"))
    }

    /// Below `spec` of an object that may be missing.
    pub(in crate::diff) fn spec_of(object: Option<&'n Object>) -> Self {
        object.map(At::spec).unwrap_or_default()
    }

    /// What stands under a path of keys with dots between them.
    pub(in crate::diff) fn get(self, path: &str) -> Self {
        At::of(self.0.and_then(|node| node.path(path)))
    }

    /// What stands under one key, which may hold dots.
    pub(in crate::diff) fn key(self, key: &str) -> Self {
        At::of(self.0.and_then(|node| node.get(key)))
    }

    /// Whether anything stands here.
    pub(in crate::diff) const fn is_there(self) -> bool {
        self.0.is_some()
    }

    /// The items of a list.
    pub(in crate::diff) fn items(self) -> impl Iterator<Item = At<'n>> + Clone {
        let items: &[Node] = self.0.map(Node::list).unwrap_or_default();
        items.iter().map(|item| At::of(Some(item)))
    }

    /// The entries of a map.
    pub(in crate::diff) fn entries(self) -> &'n [Entry] {
        self.0.map(Node::entries).unwrap_or_default()
    }

    /// Its text.
    pub(in crate::diff) fn text(self) -> Option<&'n str> {
        self.0.and_then(Node::text).map(SmolStr::as_str)
    }

    /// The texts of a list.
    pub(in crate::diff) fn texts(self) -> Vec<&'n str> {
        self.items().filter_map(At::text).collect()
    }

    /// A scalar as text: `1` and `"1"` are one.
    pub(in crate::diff) fn word(self) -> Option<String> {
        Some(match &self.0?.value {
            Value::Text(text) => text.to_string(),
            Value::Integer(number) => number.to_string(),
            Value::Decimal(number) => number.to_string(),
            Value::Boolean(flag) => flag.to_string(),
            Value::Null | Value::List(_) | Value::Map(_) => return None,
        })
    }

    /// A number.
    #[allow(clippy::cast_precision_loss, reason = "weights and percentages are small")]
    pub(in crate::diff) fn number(self) -> Option<f64> {
        match &self.0?.value {
            Value::Integer(number) => Some(*number as f64),
            Value::Decimal(number) => Some(*number),
            Value::Text(text) => text.parse().ok(),
            Value::Null | Value::Boolean(_) | Value::List(_) | Value::Map(_) => None,
        }
    }

    /// A whole number.
    pub(in crate::diff) fn whole(self) -> Option<i64> {
        match &self.0?.value {
            Value::Integer(number) => Some(*number),
            Value::Text(text) => text.parse().ok(),
            Value::Null | Value::Boolean(_) | Value::Decimal(_) | Value::List(_) | Value::Map(_) => None,
        }
    }

    /// Whether `true` stands here.
    pub(in crate::diff) fn flag(self) -> bool {
        self.word().is_some_and(|word| word == "true")
    }

    /// A duration in milliseconds, in any of the spellings of Go.
    pub(in crate::diff) fn milliseconds(self) -> Option<f64> {
        let text = self.text()?;
        let mut rest = text.trim();
        let mut total = 0.0;
        while !rest.is_empty() {
            let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.').len();
            let (number, after) = rest.split_at(digits);
            let letters = after.len() - after.trim_start_matches(|c: char| c.is_alphabetic()).len();
            let (unit, after) = after.split_at(letters);
            let factor = match unit {
                "h" => 3_600_000.0,
                "m" => 60_000.0,
                "s" => 1_000.0,
                "ms" => 1.0,
                "us" | "µs" => 0.001,
                "ns" => 0.000_001,
                _ => return None,
            };
            total += number.parse::<f64>().ok()? * factor;
            rest = after;
        }
        Some(total)
    }

    /// All that stands here in one spelling: keys sorted; nothing: an empty text.
    pub(in crate::diff) fn canonical(self) -> String {
        let mut text = String::new();
        if let Some(node) = self.0 {
            write(node, &mut text);
        }
        text
    }

    /// The items of a list, each in one spelling, in the order of that.
    pub(in crate::diff) fn set(self) -> Vec<String> {
        let mut items: Vec<String> = self.items().map(At::canonical).collect();
        items.sort();
        items.dedup();
        items
    }
}

fn write(node: &Node, text: &mut String) {
    match &node.value {
        Value::Null => text.push_str("null"),
        Value::Boolean(_) | Value::Integer(_) | Value::Decimal(_) | Value::Text(_) => {
            text.push_str(&At(Some(node)).word().unwrap_or_default());
        }
        Value::List(items) => {
            text.push('[');
            for (index, item) in items.iter().enumerate() {
                text.push_str(if index == 0 { "" } else { ", " });
                write(item, text);
            }
            text.push(']');
        }
        Value::Map(entries) => {
            let mut entries: Vec<&Entry> = entries.iter().filter(|entry| entry.node.value != Value::Null).collect();
            entries.sort_by(|one, other| one.key.cmp(&other.key));
            text.push('{');
            for (index, entry) in entries.into_iter().enumerate() {
                let _ = write!(text, "{}{}: ", if index == 0 { "" } else { ", " }, entry.key);
                write(&entry.node, text);
            }
            text.push('}');
        }
    }
}
