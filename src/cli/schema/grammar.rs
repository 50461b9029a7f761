use super::whole;
use crate::intent::grammar::{self, Place, WORDS, Word};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// The language: a document is a list of nodes, and a node has a name, arguments, properties and children.
pub(super) fn schema() -> Value {
    let words = WORDS.iter().copied().flatten();
    let places: BTreeSet<Place> = words.flat_map(|word| word.places.iter().copied().chain(word.block)).collect();
    let mut definitions: Map<String, Value> = places.iter().map(|place| (name(*place), block(*place))).collect();
    definitions.insert("value".to_owned(), json!({"type": ["string", "number", "boolean"]}));
    let description = "A page of intent as JSON: each node of KDL is an object with its `name`, and, where it has them, \
                       its `arguments`, `properties` and `children`.";
    whole("mesh: the language", description, json!({"$ref": reference(Place::Top), "$defs": definitions}))
}

fn name(place: Place) -> String {
    format!("{place:?}")
}

fn reference(place: Place) -> String {
    format!("#/$defs/{}", name(place))
}

/// What may stand in a block.
fn block(place: Place) -> Value {
    let description = format!("What may stand in {}.", place.words());
    let words = grammar::words_in(place).flat_map(|word| nodes(word, place));
    let mut nodes: Vec<Value> = words.collect();
    if nodes.is_empty() {
        // The words of such a block are names of the user's own.
        let blocks = [(Place::Versions, Place::Version), (Place::Split, Place::Share)];
        nodes.push(named(blocks.iter().find(|(of, _)| *of == place).map(|(_, block)| *block)));
    }
    json!({"type": "array", "description": description, "items": {"anyOf": nodes}})
}

fn named(block: Option<Place>) -> Value {
    let children = block.map_or_else(|| json!({"maxItems": 0}), |block| json!({"$ref": reference(block)}));
    json!({
        "type": "object",
        "properties": {
            "name": {"type": "string"},
            "arguments": {"type": "array", "items": {"$ref": "#/$defs/value"}},
            "properties": {"type": "object", "additionalProperties": {"$ref": "#/$defs/value"}},
            "children": children,
        },
        "required": ["name"],
        "additionalProperties": false,
    })
}

/// A word, and what takes it away.
fn nodes(word: &Word, place: Place) -> Vec<Value> {
    let removal = json!({
        "type": "object",
        "description": format!("Takes away what weaker layers say by `{}`.", word.name),
        "properties": removal_properties(word),
        "required": ["name", "arguments"],
        "additionalProperties": false,
    });
    let is_layered = word.repeats.can_be_removed() && place != Place::Top;
    std::iter::once(node(word, place)).chain(is_layered.then_some(removal)).collect()
}

fn removal_properties(word: &Word) -> Value {
    let mut properties = json!({
        "name": {"const": format!("-{}", word.name)},
        "arguments": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/value"}},
    });
    let keys = word.key_properties().iter().map(|key| ((*key).to_owned(), json!({"$ref": "#/$defs/value"})));
    let keys: Map<String, Value> = keys.collect();
    if let Some(fields) = properties.as_object_mut().filter(|_| !keys.is_empty()) {
        let keys = json!({"type": "object", "properties": keys, "additionalProperties": false});
        fields.insert("properties".to_owned(), keys);
    }
    properties
}

fn node(word: &Word, place: Place) -> Value {
    let (least, most) = word.arguments;
    let mut arguments = json!({"type": "array", "items": {"$ref": "#/$defs/value"}, "minItems": least});
    if let (Some(fields), true) = (arguments.as_object_mut(), most < usize::MAX) {
        fields.insert("maxItems".to_owned(), most.into());
    }
    let is_any = word.properties == ["*"];
    let own = word.properties.iter().filter(|_| !is_any);
    let own: Map<String, Value> = own.map(|key| ((*key).to_owned(), json!({"$ref": "#/$defs/value"}))).collect();
    let others = if is_any { json!({"$ref": "#/$defs/value"}) } else { Value::Bool(false) };
    // An overlay holds what may stand where it stands.
    let block = if word.name == "in" { Some(place) } else { word.block };
    let children = block.map_or_else(|| json!({"maxItems": 0}), |block| json!({"$ref": reference(block)}));
    let mut required = vec!["name"];
    required.extend((least > 0).then_some("arguments"));
    json!({
        "type": "object",
        "title": format!("{} {}", word.name, word.shape).trim_end(),
        "description": word.meaning,
        "properties": {
            "name": {"const": word.name},
            "arguments": arguments,
            "properties": {"type": "object", "properties": own, "additionalProperties": others},
            "children": children,
        },
        "required": required,
        "additionalProperties": false,
    })
}
