use super::tree::tree;
use super::yaml;
use super::{Metadata, Object, Traced};
use crate::verbatim::{Entry, Made, Node, Value};
use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

/// An object that was written in the words of its kind.
#[derive(Clone, Debug, PartialEq)]
pub struct Carried {
    /// Its API and kind.
    pub kind: (&'static str, &'static str),
    /// What it says beside these and its metadata.
    pub body: Vec<Entry>,
}

/// A text's idea of equality: numbers that are none do not stand in it.
impl Eq for Carried {}

impl Carried {
    /// Writes the object of which this is the kind and the rest.
    pub(super) fn serialize_with<S: Serializer>(&self, metadata: &Metadata, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_map(Some(self.body.len() + 3))?;
        object.serialize_entry("apiVersion", self.kind.0)?;
        object.serialize_entry("kind", self.kind.1)?;
        object.serialize_entry("metadata", metadata)?;
        for entry in &self.body {
            object.serialize_entry(&entry.key, &Shown(&entry.node))?;
        }
        object.end()
    }
}

impl Serialize for Carried {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.body.len()))?;
        for entry in &self.body {
            map.serialize_entry(&entry.key, &Shown(&entry.node))?;
        }
        map.end()
    }
}

/// A tree that is written with the origin of each of its values.
#[derive(Debug)]
pub struct Shown<'n>(pub &'n Node);

impl Serialize for Shown<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Traced { value: Bare(&self.0.value), origin: self.0.origin }.serialize(serializer)
    }
}

struct Bare<'n>(&'n Value);

impl Serialize for Bare<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Null => serializer.serialize_unit(),
            Value::Boolean(value) => serializer.serialize_bool(*value),
            Value::Integer(value) => serializer.serialize_i64(*value),
            Value::Decimal(value) => serializer.serialize_f64(*value),
            Value::Text(text) => serializer.serialize_str(text),
            Value::List(items) => serializer.collect_seq(items.iter().map(Shown)),
            Value::Map(entries) => {
                serializer.collect_map(entries.iter().map(|entry| (entry.key.as_str(), Shown(&entry.node))))
            }
        }
    }
}

impl Object {
    /// All of it as a tree, each value with the line of intent that it came from.
    ///
    /// # Errors
    /// None of our own types can fail to be written; the error is the serializer's.
    pub fn tree(&self) -> Result<Node, yaml::Error> {
        tree(self)
    }

    /// It as rules see it; none where it cannot be written.
    pub fn made(&self) -> Option<Made> {
        let (api, kind) = self.spec.kind();
        Some(Made {
            owner: self.origin,
            kind: (api.into(), kind.into()),
            namespace: self.metadata.namespace.clone(),
            name: self.metadata.name.clone(),
            body: self.tree().ok()?,
        })
    }
}
