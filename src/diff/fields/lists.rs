//! Which items of two lists belong together.

use super::routes;
use crate::diff::shape::{Rule, Shape};
use crate::verbatim::{Node, Value};
use std::fmt::Write;

/// The keys by which items of lists are told apart of which nothing is known, strongest first.
const KEYS: [&str; 4] = ["name", "number", "issuer", "host"];

/// Beyond so many pairs items are compared by their place alone.
const MOST_COMPARED: usize = 40_000;

/// For each item of the later list the place of the earlier one that it was.
pub(super) fn pairs(old: &[Node], new: &[Node], shape: Option<&Shape>) -> Vec<Option<usize>> {
    let mut pairing = Pairing { pairs: vec![None; new.len()], left: (0..old.len()).collect() };
    let has = |rule| shape.is_some_and(|shape| shape.has(rule));
    if let Some(key) = shape.and_then(Shape::key) {
        let of = |node: &Node| key.split('+').fold(String::new(), |text, path| text + "/" + &shown(node.path(path)));
        pairing.by_text(old, new, of);
    } else if has(Rule::Routes) {
        pairing.by_text(old, new, |node| node.get("name").map(|name| shown(Some(name))).unwrap_or_default());
        pairing.by(old, new, routes::has_same_match);
        pairing.rest_in_order(new.len());
    } else if has(Rule::Items) {
        pairing.by(old, new, |one, other| one.value.says_the_same(&other.value));
        pairing.by_likeness(old, new);
    } else {
        pairing.by(old, new, is_pair);
    }
    pairing.pairs
}

struct Pairing {
    pairs: Vec<Option<usize>>,
    left: Vec<usize>,
}

impl Pairing {
    fn take(&mut self, place: usize, index: usize) {
        if place < self.left.len()
            && let Some(pair) = self.pairs.get_mut(index)
        {
            *pair = Some(self.left.remove(place));
        }
    }

    /// Pairs what gives the same text, if it gives any; of several, the first with the first.
    fn by_text(&mut self, old: &[Node], new: &[Node], of: impl Fn(&Node) -> String) {
        let texts: Vec<String> = old.iter().map(&of).collect();
        for (index, item) in new.iter().enumerate() {
            let text = of(item);
            let place = self.left.iter().position(|at| texts.get(*at).is_some_and(|own| *own == text));
            if let Some(place) = place.filter(|_| !text.is_empty()) {
                self.take(place, index);
            }
        }
    }

    fn by(&mut self, old: &[Node], new: &[Node], is_pair: impl Fn(&Node, &Node) -> bool) {
        for (index, item) in new.iter().enumerate().filter(|_| old.len() * new.len() <= MOST_COMPARED) {
            if self.pairs.get(index) == Some(&None) {
                let found = self.left.iter().position(|at| old.get(*at).is_some_and(|old| is_pair(old, item)));
                if let Some(place) = found {
                    self.take(place, index);
                }
            }
        }
    }

    fn rest_in_order(&mut self, length: usize) {
        for index in 0..length {
            if self.pairs.get(index) == Some(&None) {
                self.take(0, index);
            }
        }
    }

    /// Pairs what has most entries in common.
    fn by_likeness(&mut self, old: &[Node], new: &[Node]) {
        let is_alone = self.left.len() == 1 && self.pairs.iter().filter(|pair| pair.is_none()).count() == 1;
        for (index, item) in new.iter().enumerate().filter(|_| old.len() * new.len() <= MOST_COMPARED) {
            if self.pairs.get(index) == Some(&None) {
                let likeness = |at: &usize| old.get(*at).map_or(0, |old| common(old, item));
                let best = self
                    .left
                    .iter()
                    .map(likeness)
                    .enumerate()
                    .max_by_key(|(place, common)| (*common, usize::MAX - place));
                if let Some((place, _)) = best.filter(|(_, common)| *common > 0 || is_alone) {
                    self.take(place, index);
                }
            }
        }
    }
}

/// How many values two trees have in common.
fn common(one: &Node, other: &Node) -> usize {
    match (&one.value, &other.value) {
        (Value::Map(entries), Value::Map(_)) => {
            entries.iter().filter_map(|entry| Some(common(&entry.node, other.get(&entry.key)?))).sum()
        }
        (Value::List(items), Value::List(others)) => items
            .iter()
            .take(64)
            .map(|item| others.iter().take(64).map(|other| common(item, other)).max().unwrap_or_default())
            .sum(),
        (one, other) => usize::from(one.says_the_same(other)),
    }
}

fn is_pair(old: &Node, new: &Node) -> bool {
    let key = |node: &Node| KEYS.iter().find_map(|key| node.get(key).map(|value| (*key, value.value.clone())));
    match (key(old), key(new)) {
        (Some(one), Some(other)) => one == other,
        (None, None) => true,
        (Some(_), None) | (None, Some(_)) => false,
    }
}

/// A value as a text that is another for another value.
fn shown(node: Option<&Node>) -> String {
    let mut text = String::new();
    match node.map(|node| &node.value) {
        None | Some(Value::Null) => {}
        Some(Value::Boolean(flag)) => _ = write!(text, "{flag}"),
        Some(Value::Integer(number)) => _ = write!(text, "{number}"),
        Some(Value::Decimal(number)) => _ = write!(text, "{number}"),
        Some(Value::Text(said)) => text.push_str(said),
        Some(Value::List(items)) => {
            for item in items {
                _ = write!(text, "{},", shown(Some(item)));
            }
        }
        Some(Value::Map(entries)) => {
            for entry in entries {
                _ = write!(text, "{}={},", entry.key, shown(Some(&entry.node)));
            }
        }
    }
    text
}
