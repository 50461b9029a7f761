use crate::source::{Layer, Origin, Span};
use smol_str::SmolStr;

/// A value with who said it.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// What it is.
    pub value: Value,
    /// Who said it; none: whoever said what it is part of.
    pub origin: Option<Origin>,
}

/// What JSON can say.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `null`.
    Null,
    /// `true` or `false`.
    Boolean(bool),
    /// A whole number.
    Integer(i64),
    /// A number with a fraction, finite.
    Decimal(f64),
    /// A text.
    Text(SmolStr),
    /// Items in order.
    List(Vec<Node>),
    /// Entries in the order in which they are written, each key once.
    Map(Vec<Entry>),
}

/// A key and its value.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The key.
    pub key: SmolStr,
    /// Who wrote it.
    pub origin: Option<Origin>,
    /// The value.
    pub node: Node,
}

/// The steps of a JSON Pointer (RFC 6901): keys, or places in lists.
pub fn steps(pointer: &str) -> impl Iterator<Item = String> {
    pointer.split('/').skip(1).map(unescaped)
}

/// The key that a step of a JSON Pointer names.
pub fn unescaped(step: &str) -> String {
    step.replace("~1", "/").replace("~0", "~")
}

/// A key as a step of a JSON Pointer.
pub fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

impl Node {
    /// A value that stands in a file of the workspace.
    pub const fn at(value: Value, span: Span) -> Self {
        Node { value, origin: Some(Origin::new(Layer::Own, span)) }
    }

    /// Where it stands.
    pub fn span(&self) -> Option<Span> {
        self.origin?.span
    }

    /// The value under `key`; none where it is no map or has no such key.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entries().iter().find(|entry| entry.key == key).map(|entry| &entry.node)
    }

    /// What stands at a path of keys with dots between them.
    pub fn path(&self, path: &str) -> Option<&Node> {
        path.split('.').try_fold(self, |node, key| node.get(key))
    }

    /// What stands at a JSON Pointer (RFC 6901).
    pub fn find(&self, pointer: &str) -> Option<&Node> {
        self.walk(pointer, |_| {})
    }

    /// Goes the way of a JSON Pointer and meets every node of it; hands back the last one, none where the way ends.
    pub fn walk(&self, pointer: &str, mut meets: impl FnMut(&Node)) -> Option<&Node> {
        let mut node = self;
        for key in steps(pointer) {
            node = match &node.value {
                Value::List(items) => items.get(key.parse::<usize>().ok()?)?,
                Value::Null
                | Value::Boolean(_)
                | Value::Integer(_)
                | Value::Decimal(_)
                | Value::Text(_)
                | Value::Map(_) => node.get(&key)?,
            };
            meets(node);
        }
        Some(node)
    }

    /// What stands at a JSON Pointer, to change it.
    pub fn find_mut(&mut self, pointer: &str) -> Option<&mut Node> {
        let mut node = self;
        for key in steps(pointer) {
            node = match &mut node.value {
                Value::List(items) => items.get_mut(key.parse::<usize>().ok()?)?,
                Value::Map(entries) => &mut entries.iter_mut().find(|entry| entry.key == key)?.node,
                Value::Null | Value::Boolean(_) | Value::Integer(_) | Value::Decimal(_) | Value::Text(_) => {
                    return None;
                }
            };
        }
        Some(node)
    }

    /// Its text, if it is one.
    pub fn text(&self) -> Option<&SmolStr> {
        match &self.value {
            Value::Text(text) => Some(text),
            Value::Null
            | Value::Boolean(_)
            | Value::Integer(_)
            | Value::Decimal(_)
            | Value::List(_)
            | Value::Map(_) => None,
        }
    }

    /// Its text with its place, if it is one that stands in a file.
    pub fn text_at(&self) -> Option<(&str, Span)> {
        Some((self.text()?.as_str(), self.span()?))
    }

    /// The items of the list under `key`; none where there is none.
    pub fn items(&self, key: &str) -> &[Node] {
        self.get(key).map(Node::list).unwrap_or_default()
    }

    /// Its items; none where it is no list.
    pub fn list(&self) -> &[Node] {
        match &self.value {
            Value::List(items) => items,
            Value::Null
            | Value::Boolean(_)
            | Value::Integer(_)
            | Value::Decimal(_)
            | Value::Text(_)
            | Value::Map(_) => &[],
        }
    }

    /// Its entries; none where it is no map.
    pub fn entries(&self) -> &[Entry] {
        match &self.value {
            Value::Map(entries) => entries,
            Value::Null
            | Value::Boolean(_)
            | Value::Integer(_)
            | Value::Decimal(_)
            | Value::Text(_)
            | Value::List(_) => &[],
        }
    }

    /// Makes `origin` what said it, and all that is in it.
    pub fn said_at(&mut self, origin: Origin) {
        self.origin = Some(origin);
        match &mut self.value {
            Value::List(items) => items.iter_mut().for_each(|item| item.said_at(origin)),
            Value::Map(entries) => {
                for entry in entries {
                    entry.origin = Some(origin);
                    entry.node.said_at(origin);
                }
            }
            Value::Null | Value::Boolean(_) | Value::Integer(_) | Value::Decimal(_) | Value::Text(_) => {}
        }
    }

    /// Makes `layer` the one that said it, and all that is in it.
    pub fn said_by(&mut self, layer: Layer) {
        if let Some(origin) = &mut self.origin {
            origin.layer = layer;
        }
        match &mut self.value {
            Value::List(items) => items.iter_mut().for_each(|item| item.said_by(layer)),
            Value::Map(entries) => {
                for entry in entries {
                    if let Some(origin) = &mut entry.origin {
                        origin.layer = layer;
                    }
                    entry.node.said_by(layer);
                }
            }
            Value::Null | Value::Boolean(_) | Value::Integer(_) | Value::Decimal(_) | Value::Text(_) => {}
        }
    }
}

impl Value {
    /// What it is, as messages say it.
    pub const fn words(&self) -> &'static str {
        match self {
            Value::Null => "null",
            Value::Boolean(_) => "a boolean",
            Value::Integer(_) => "a whole number",
            Value::Decimal(_) => "a number",
            Value::Text(_) => "a text",
            Value::List(_) => "a list",
            Value::Map(_) => "a map",
        }
    }

    /// Its number, if it is one.
    #[allow(clippy::cast_precision_loss, reason = "what is compared with it is small")]
    pub(super) const fn number(&self) -> Option<f64> {
        match self {
            Value::Integer(number) => Some(*number as f64),
            Value::Decimal(number) => Some(*number),
            Value::Null | Value::Boolean(_) | Value::Text(_) | Value::List(_) | Value::Map(_) => None,
        }
    }

    /// Whether two values say the same, whoever said them.
    pub fn says_the_same(&self, other: &Value) -> bool {
        match (self, other) {
            (Value::List(one), Value::List(other)) => {
                one.len() == other.len() && one.iter().zip(other).all(|(a, b)| a.value.says_the_same(&b.value))
            }
            (Value::Map(one), Value::Map(other)) => {
                let same = |entry: &Entry| {
                    let found = other.iter().find(|its| its.key == entry.key);
                    found.is_some_and(|its| entry.node.value.says_the_same(&its.node.value))
                };
                one.len() == other.len() && one.iter().all(same)
            }
            (
                Value::Null
                | Value::Boolean(_)
                | Value::Integer(_)
                | Value::Decimal(_)
                | Value::Text(_)
                | Value::List(_)
                | Value::Map(_),
                _,
            ) => self == other,
        }
    }
}
