//! What an object needs and does not say.

use super::kinds::{Kind, Struct, Type};
use super::node::{Node, Value};
use crate::source::Span;

/// A part of an object that lacks something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lack {
    /// What it is of.
    pub path: String,
    /// What is lacking, as messages say it.
    pub what: String,
    /// Where it would stand.
    pub span: Option<Span>,
}

/// Of which fields a part of an object needs one: what istiod asks for beside the definitions.
const ONE_OF: [(&str, &[&str]); 4] = [
    ("VirtualService.spec", &["http", "tls", "tcp"]),
    ("VirtualService.spec.http", &["route", "redirect", "directResponse", "delegate"]),
    ("VirtualService.spec.tls", &["route"]),
    ("VirtualService.spec.tcp", &["route"]),
];

/// What a whole object of a kind lacks.
pub fn lacks(body: &Node, kind: &Kind) -> Vec<Lack> {
    let mut found = Vec::new();
    let mut lacking = Lacking { is_of_istio: kind.api.contains("istio.io/"), found: &mut found };
    lacking.part(body, kind.fields, (kind.name, kind.name));
    found
}

struct Lacking<'f> {
    is_of_istio: bool,
    found: &'f mut Vec<Lack>,
}

impl Lacking<'_> {
    /// A map, by its path with and without the places in lists.
    fn part(&mut self, node: &Node, fields: Struct, (path, plain): (&str, &str)) {
        for name in fields.needed() {
            if !self.is_said(node, name) {
                self.lack(node, path, &[name]);
            }
        }
        let one_of = ONE_OF.iter().find(|(part, _)| *part == plain);
        if let Some((_, names)) = one_of.filter(|(_, names)| !names.iter().any(|name| self.is_said(node, name))) {
            self.lack(node, path, names);
        }
        for entry in node.entries() {
            let (key, kind) = (&entry.key, fields.field(&entry.key));
            self.value(&entry.node, kind, (&format!("{path}.{key}"), &format!("{plain}.{key}")));
        }
    }

    fn value(&mut self, node: &Node, kind: Option<Type>, (path, plain): (&str, &str)) {
        match (&node.value, kind) {
            (Value::Map(_), Some(Type::Struct(fields))) => self.part(node, fields, (path, plain)),
            (Value::Map(entries), Some(Type::Map(item))) => {
                for entry in entries {
                    self.value(&entry.node, Some(Type::read(item)), (&format!("{path}.{}", entry.key), plain));
                }
            }
            (Value::List(items), Some(Type::List(list))) => {
                for (at, item) in items.iter().enumerate() {
                    self.value(item, Some(Type::read(list.item)), (&format!("{path}[{at}]"), plain));
                }
            }
            _ => {}
        }
    }

    /// Istio takes an empty list for none.
    fn is_said(&self, node: &Node, name: &str) -> bool {
        let is_none = |value: &Value| {
            *value == Value::Null || (self.is_of_istio && matches!(value, Value::List(items) if items.is_empty()))
        };
        node.get(name).is_some_and(|node| !is_none(&node.value))
    }

    fn lack(&mut self, node: &Node, path: &str, names: &[&str]) {
        let there = names.iter().find_map(|name| node.get(name)).and_then(Node::span);
        let what = names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" or ");
        self.found.push(Lack { path: path.to_owned(), what, span: there.or(node.span()) });
    }
}
