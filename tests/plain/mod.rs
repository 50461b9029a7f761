//! What a KDL document says, without places and spelling: the common measure of our reader and the `kdl` crate's.
#![allow(dead_code, unreachable_pub)] // each test takes what it needs
#![allow(clippy::unwrap_used)] // a test fails so

use mesh::diagnostic::Diagnostics;
use mesh::source::FileId;
use mesh::syntax::{self, Document};
use std::collections::BTreeMap;

/// A node by its meaning.
#[derive(Clone, Debug, PartialEq)]
pub struct Plain {
    pub annotated: bool,
    pub name: String,
    pub arguments: Vec<(bool, Value)>,
    pub properties: BTreeMap<String, (bool, Value)>,
    pub children: Vec<Plain>,
}

/// A value by its meaning.
#[derive(Clone, Debug)]
pub enum Value {
    String(String),
    Integer(i128),
    Decimal(f64),
    Boolean(bool),
    Null,
}

impl PartialEq for Value {
    /// As numbers are equal, but that one NaN is as good as another.
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Value::String(a), Value::String(b)) => a == b,
            (Value::Integer(a), Value::Integer(b)) => a == b,
            (Value::Decimal(a), Value::Decimal(b)) => a == b || a.is_nan() && b.is_nan(),
            (Value::Boolean(a), Value::Boolean(b)) => a == b,
            (Value::Null, Value::Null) => true,
            _ => false,
        }
    }
}

/// What our reader reads in `text`, and the codes of what it found.
pub fn ours(text: &str) -> (Vec<Plain>, Vec<&'static str>) {
    let mut found = Diagnostics::default();
    let document = syntax::parse(FileId::new(0), text, &mut found);
    (of(&document), found.sorted().iter().map(|found| found.code.name).collect())
}

/// What one of our documents says.
pub fn of(document: &Document<'_>) -> Vec<Plain> {
    document.nodes.iter().map(our_node).collect()
}

/// What the `kdl` crate reads in `text`; none if it refuses it.
pub fn theirs(text: &str) -> Option<Vec<Plain>> {
    let document = kdl::KdlDocument::parse_v2(text).ok()?;
    Some(document.nodes().iter().map(their_node).collect())
}

fn our_node(node: &syntax::Node<'_>) -> Plain {
    let value = |entry: &syntax::Entry<'_>| (entry.annotation.is_some(), our_value(&entry.value));
    let keyed = |entry: &syntax::Entry<'_>| entry.key.as_ref().map(|key| (key.value.to_string(), value(entry)));
    Plain {
        annotated: node.annotation.is_some(),
        name: node.name.value.to_string(),
        arguments: node.arguments().map(value).collect(),
        properties: node.entries.iter().filter_map(keyed).collect(),
        children: node.children().iter().map(our_node).collect(),
    }
}

fn our_value(value: &syntax::Value<'_>) -> Value {
    match value {
        syntax::Value::String(text) => Value::String(text.to_string()),
        syntax::Value::Integer(number) => Value::Integer(*number),
        syntax::Value::Decimal(number) => Value::Decimal(*number),
        syntax::Value::Boolean(truth) => Value::Boolean(*truth),
        syntax::Value::Null => Value::Null,
    }
}

fn their_node(node: &kdl::KdlNode) -> Plain {
    let value = |entry: &kdl::KdlEntry| (entry.ty().is_some(), their_value(entry.value()));
    let (keyed, bare): (Vec<_>, Vec<_>) = node.entries().iter().partition(|entry| entry.name().is_some());
    Plain {
        annotated: node.ty().is_some(),
        name: node.name().value().to_owned(),
        arguments: bare.into_iter().map(value).collect(),
        properties: keyed.iter().map(|entry| (entry.name().unwrap().value().to_owned(), value(entry))).collect(),
        children: node.children().map_or(Vec::new(), |block| block.nodes().iter().map(their_node).collect()),
    }
}

fn their_value(value: &kdl::KdlValue) -> Value {
    match value {
        kdl::KdlValue::String(text) => Value::String(text.clone()),
        kdl::KdlValue::Integer(number) => Value::Integer(*number),
        kdl::KdlValue::Float(number) => Value::Decimal(*number),
        kdl::KdlValue::Bool(truth) => Value::Boolean(*truth),
        kdl::KdlValue::Null => Value::Null,
    }
}

/// The layout of a document; nothing where that would say something else.
pub fn laid_out(text: &str) -> Option<String> {
    syntax::format(&syntax::parse(FileId::new(0), text, &mut Diagnostics::default()))
}
