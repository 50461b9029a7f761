//! Merging a patch into an object: maps by their keys, lists by the key of their kind, all else by replacing it.

use super::kinds::{Kind, List, Struct, Type};
use super::node::{Entry, Node, Value};
use crate::source::Span;

/// A part of a patch that finds nothing in the object.
#[derive(Clone, Debug, PartialEq)]
pub struct Unmet {
    /// Where it stands.
    pub span: Option<Span>,
    /// What of.
    pub path: String,
    /// What it would need.
    pub need: Need,
}

/// What a part of a patch would need.
#[derive(Clone, Debug, PartialEq)]
pub enum Need {
    /// A field, to take it away.
    Field,
    /// An item of this name, in a list to which none is added; with those that are there.
    Item(String, Vec<String>),
    /// Another value: it says what the object says anyhow.
    Difference,
}

/// Merges `patch` into `object`, of `kind`; what finds nothing is left out and handed back.
pub fn merge(object: &mut Node, patch: &Node, kind: &Kind) -> Vec<Unmet> {
    let mut merging = Merging { unmet: Vec::new() };
    merging.map(object, patch.entries(), Some(kind.fields), kind.name);
    merging.unmet
}

struct Merging {
    unmet: Vec<Unmet>,
}

impl Merging {
    fn map(&mut self, object: &mut Node, patch: &[Entry], fields: Option<Struct>, path: &str) {
        let Value::Map(entries) = &mut object.value else { return };
        for said in patch {
            let path = format!("{path}.{}", said.key);
            let kind = fields.and_then(|fields| fields.field(&said.key)).unwrap_or(Type::Anything);
            let at = entries.iter().position(|entry| entry.key == said.key);
            match (at.and_then(|at| entries.get_mut(at)), &said.node.value) {
                (Some(_), Value::Null) => entries.retain(|entry| entry.key != said.key),
                (None, Value::Null) => self.miss(said.origin.and_then(|origin| origin.span), path, Need::Field),
                (Some(entry), _) => {
                    if self.value(&mut entry.node, &said.node, kind, &path) {
                        entry.origin = said.origin;
                    }
                }
                (None, _) => entries.push(said.clone()),
            }
        }
    }

    /// Merges a value into another; whether it took its place.
    fn value(&mut self, object: &mut Node, patch: &Node, kind: Type, path: &str) -> bool {
        match (&object.value, &patch.value, kind) {
            (Value::Map(_), Value::Map(said), kind) => {
                let fields = if let Type::Struct(fields) = kind { Some(fields) } else { None };
                self.map(object, said, fields, path);
                false
            }
            (Value::List(_), Value::List(said), Type::List(list)) if !list.key.is_empty() => {
                self.items(object, said, list, path);
                false
            }
            _ if object.value.says_the_same(&patch.value) => {
                self.miss(patch.span(), path.to_owned(), Need::Difference);
                false
            }
            _ => {
                *object = patch.clone();
                true
            }
        }
    }

    fn items(&mut self, object: &mut Node, patch: &[Node], list: List, path: &str) {
        let Value::List(items) = &mut object.value else { return };
        for said in patch {
            let key = key_of(said, list.key).unwrap_or_default();
            let at = items.iter().position(|item| key_of(item, list.key).as_ref() == Some(&key));
            match at.and_then(|at| items.get_mut(at)) {
                Some(item) => self.item(item, said, list, &format!("{path}[{key}]")),
                None if list.is_closed => {
                    let names = items.iter().filter_map(|item| key_of(item, list.key)).collect();
                    self.miss(said.span(), path.to_owned(), Need::Item(key, names));
                }
                None => items.push(said.clone()),
            }
        }
    }

    /// Merges an item; its key is the same by what brought it here.
    fn item(&mut self, item: &mut Node, said: &Node, list: List, path: &str) {
        let first = |key: &str| key.split('.').next().unwrap_or_default().to_owned();
        let keys: Vec<String> = list.key.split('+').map(first).collect();
        let before = self.unmet.len();
        let changes: Vec<Entry> = said.entries().iter().filter(|entry| !is_key(entry, &keys, item)).cloned().collect();
        if changes.is_empty() && before == self.unmet.len() {
            return self.miss(said.span(), path.to_owned(), Need::Difference);
        }
        let fields = if let Type::Struct(fields) = Type::read(list.item) { Some(fields) } else { None };
        self.map(item, &changes, fields, path);
    }

    fn miss(&mut self, span: Option<Span>, path: String, need: Need) {
        self.unmet.push(Unmet { span, path, need });
    }
}

/// Whether an entry of a patch's item says its key and nothing else.
fn is_key(entry: &Entry, keys: &[String], item: &Node) -> bool {
    let own = item.get(&entry.key);
    keys.iter().any(|key| entry.key == *key) && own.is_some_and(|own| holds(own, &entry.node))
}

/// Whether all that `part` says is said by `whole` as well.
fn holds(whole: &Node, part: &Node) -> bool {
    match &part.value {
        Value::Map(entries) => {
            entries.iter().all(|entry| whole.get(&entry.key).is_some_and(|own| holds(own, &entry.node)))
        }
        Value::Null | Value::Boolean(_) | Value::Integer(_) | Value::Decimal(_) | Value::Text(_) | Value::List(_) => {
            whole.value.says_the_same(&part.value)
        }
    }
}

/// The key of an item, by the paths with `+` between them; none where the first of them is not there.
pub(super) fn key_of(item: &Node, key: &str) -> Option<String> {
    let mut parts = key.split('+').map(|path| item.path(path).and_then(scalar));
    let first = parts.next().flatten()?;
    Some(parts.fold(first, |key, part| part.map_or(key.clone(), |part| format!("{key}/{part}"))))
}

fn scalar(node: &Node) -> Option<String> {
    match &node.value {
        Value::Text(text) => Some(text.to_string()),
        Value::Integer(number) => Some(number.to_string()),
        Value::Boolean(flag) => Some(flag.to_string()),
        Value::Null | Value::Decimal(_) | Value::List(_) | Value::Map(_) => None,
    }
}
