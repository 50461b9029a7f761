//! Reads JSON, of which YAML's readers do not know every escape.

use super::decode::last_of_each;
use super::node::{Entry, Node, Value};
use super::resolved::from_decimal;
use crate::source::{FileId, Layer, Origin, Span};
use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use smol_str::SmolStr;
use std::fmt;

/// The documents of a text, one after the other; none where it is not JSON throughout.
pub(super) fn decode(file: FileId, text: &str) -> Option<Vec<Node>> {
    let text = text.trim_start_matches('\u{feff}');
    let mut documents = serde_json::Deserializer::from_str(text).into_iter::<Read>();
    let mut nodes = Vec::new();
    loop {
        let start = documents.byte_offset();
        let Some(read) = documents.next() else { return Some(nodes) };
        let Read(mut node) = read.ok()?;
        let place = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        let span = Span::new(file, place(start), place(documents.byte_offset()));
        node.origin = Some(Origin::new(Layer::Own, span));
        nodes.push(node);
    }
}

struct Read(Node);

impl<'de> Deserialize<'de> for Read {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = deserializer.deserialize_any(Values)?;
        Ok(Read(Node { value, origin: None }))
    }
}

struct Values;

impl<'de> Visitor<'de> for Values {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: Error>(self, v: bool) -> Result<Value, E> {
        Ok(Value::Boolean(v))
    }

    fn visit_i64<E: Error>(self, v: i64) -> Result<Value, E> {
        Ok(Value::Integer(v))
    }

    fn visit_u64<E: Error>(self, v: u64) -> Result<Value, E> {
        #[allow(clippy::cast_precision_loss, reason = "what readers of JSON make of such a number")]
        Ok(i64::try_from(v).map_or(Value::Decimal(v as f64), Value::Integer))
    }

    fn visit_f64<E: Error>(self, v: f64) -> Result<Value, E> {
        Ok(from_decimal(v))
    }

    fn visit_str<E: Error>(self, v: &str) -> Result<Value, E> {
        Ok(Value::Text(v.into()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut nodes = Vec::new();
        while let Some(Read(node)) = items.next_element()? {
            nodes.push(node);
        }
        Ok(Value::List(nodes))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut entries = Vec::new();
        while let Some((key, Read(node))) = map.next_entry::<String, Read>()? {
            entries.push(Entry { key: SmolStr::from(key), origin: None, node });
        }
        Ok(Value::Map(last_of_each(entries)))
    }
}
