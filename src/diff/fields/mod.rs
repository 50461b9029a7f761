//! The fields in which two trees differ, each named by a JSON Pointer.

mod lists;
mod routes;

use super::Id;
use super::shape::{Rule, Shape};
use crate::verbatim::{Node, Value, escaped};
use std::fmt::Write;

/// A field that is not the same on both sides.
#[derive(Clone, Debug)]
pub struct FieldChange<'s> {
    /// Where it stands: a JSON Pointer (RFC 6901), into the later side; into the earlier one where it goes.
    pub pointer: String,
    /// What it said.
    pub before: Option<&'s Node>,
    /// What it says.
    pub after: Option<&'s Node>,
}

/// The fields in which two normalised trees of an object differ, in the order of the later one.
pub fn field_changes<'s>(id: &Id, before: &'s Node, after: &'s Node) -> Vec<FieldChange<'s>> {
    let mut walk = Walk { at: String::new(), changes: Vec::new() };
    walk.value(before, after, Shape::of(id));
    walk.changes
}

struct Walk<'s> {
    at: String,
    changes: Vec<FieldChange<'s>>,
}

impl<'s> Walk<'s> {
    fn value(&mut self, before: &'s Node, after: &'s Node, shape: Option<&'static Shape>) {
        match (&before.value, &after.value) {
            (Value::Map(_), Value::Map(_)) => self.map(before, after, shape),
            (Value::List(old), Value::List(new)) if !old.iter().chain(new).all(is_scalar) => {
                self.list((before, old), (after, new), shape);
            }
            (one, other) if one.says_the_same(other) => {}
            _ => self.tell(Some(before), Some(after)),
        }
    }

    fn map(&mut self, before: &'s Node, after: &'s Node, shape: Option<&'static Shape>) {
        let field = |key: &str| shape.and_then(|shape| shape.field(key));
        for entry in after.entries() {
            let old = before.get(&entry.key);
            self.step(&entry.key, |walk| match old {
                Some(old) => walk.value(old, &entry.node, field(&entry.key)),
                None => walk.tell(None, Some(&entry.node)),
            });
        }
        for entry in before.entries().iter().filter(|entry| after.get(&entry.key).is_none()) {
            self.step(&entry.key, |walk| walk.tell(Some(&entry.node), None));
        }
    }

    fn list(
        &mut self,
        (before, old): (&'s Node, &'s [Node]),
        (after, new): (&'s Node, &'s [Node]),
        shape: Option<&'static Shape>,
    ) {
        let pairs = lists::pairs(old, new, shape);
        let of_items = shape.and_then(Shape::items);
        let mut left = vec![true; old.len()];
        for (index, item) in new.iter().enumerate() {
            let pair = pairs.get(index).copied().flatten();
            if let Some(left) = pair.and_then(|at| left.get_mut(at)) {
                *left = false;
            }
            self.step(&index.to_string(), |walk| match pair.and_then(|at| old.get(at)) {
                Some(old) => walk.value(old, item, of_items),
                None => walk.tell(None, Some(item)),
            });
        }
        for (index, item) in old.iter().enumerate().filter(|(index, _)| left.get(*index) == Some(&true)) {
            self.step(&index.to_string(), |walk| walk.tell(Some(item), None));
        }
        if shape.is_some_and(|shape| shape.has(Rule::Routes)) && routes::is_reordered(old, new, &pairs) {
            self.tell(Some(before), Some(after));
        }
    }

    fn tell(&mut self, before: Option<&'s Node>, after: Option<&'s Node>) {
        self.changes.push(FieldChange { pointer: self.at.clone(), before, after });
    }

    /// Does something one step further down.
    fn step(&mut self, key: &str, then: impl FnOnce(&mut Self)) {
        let length = self.at.len();
        if key.contains(['~', '/']) {
            _ = write!(self.at, "/{}", escaped(key));
        } else {
            _ = write!(self.at, "/{key}");
        }
        then(self);
        self.at.truncate(length);
    }
}

fn is_scalar(node: &Node) -> bool {
    !matches!(node.value, Value::Map(_) | Value::List(_))
}
