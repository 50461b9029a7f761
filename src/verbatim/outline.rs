use super::node::{Node, Value};
use smol_str::SmolStr;

/// A tree of which texts are asked for by their keys, however much of it was read.
pub trait Outline: Copy {
    /// The value of a key; none where there is no map, or no such key.
    fn get(self, key: &str) -> Option<Self>;

    /// The first item; none where there is no list, or none in it.
    fn first(self) -> Option<Self>;

    /// The text that it is; none where it is something else.
    fn text(self) -> Option<SmolStr>;
}

impl Outline for &Node {
    fn get(self, key: &str) -> Option<Self> {
        Node::get(self, key)
    }

    fn first(self) -> Option<Self> {
        if let Value::List(items) = &self.value { items.first() } else { None }
    }

    fn text(self) -> Option<SmolStr> {
        Node::text(self).cloned()
    }
}
