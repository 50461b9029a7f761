use super::whole;
use crate::ir::Kind;
use crate::model::schema::{Described, Object, Shape};
use crate::model::{Environment, It};
use serde_json::{Map, Value, json};

/// What guards and templates see.
pub(super) fn schema() -> Value {
    let mut definitions = Map::new();
    let kinds = Kind::ALL.iter().filter_map(|kind| Some((kind.word(), It::object(*kind)?)));
    let all: Vec<(&str, Object)> =
        kinds.chain(Environment::shape().object().map(|object| ("environment", object))).collect();
    let variables: Map<String, Value> =
        all.into_iter().map(|(word, object)| (word.to_owned(), reference(object, &mut definitions))).collect();
    let description = "The variables of a guard: the thing by its kind, `mesh` and `environment`, after all layers.";
    let rest = json!({
        "type": "object",
        "properties": variables,
        "additionalProperties": false,
        "$defs": definitions,
    });
    whole("mesh: what guards and templates see", description, rest)
}

fn reference(object: Object, definitions: &mut Map<String, Value>) -> Value {
    if !definitions.contains_key(object.name) {
        // Its place is taken before its fields are looked at: one of them may hold it again.
        definitions.insert(object.name.to_owned(), Value::Null);
        let fields = (object.fields)();
        let names: Vec<&str> = fields.iter().map(|field| field.name).collect();
        let mut properties = Map::new();
        for field in &fields {
            let mut of = shape(&field.shape, definitions);
            if let Some(parts) = of.as_object_mut() {
                parts.insert("description".to_owned(), field.meaning.into());
            }
            properties.insert(field.name.to_owned(), of);
        }
        let definition = json!({
            "type": "object",
            "description": object.meaning,
            "properties": properties,
            "required": names,
            "additionalProperties": false,
        });
        definitions.insert(object.name.to_owned(), definition);
    }
    json!({"$ref": format!("#/$defs/{}", object.name)})
}

fn shape(of: &Shape, definitions: &mut Map<String, Value>) -> Value {
    match of {
        Shape::Text => json!({"type": "string"}),
        Shape::Flag => json!({"type": "boolean"}),
        Shape::Whole => json!({"type": "integer"}),
        Shape::Number => json!({"type": "number"}),
        Shape::Optional(inner) => json!({"anyOf": [shape(inner, definitions), {"type": "null"}]}),
        Shape::List(inner) => json!({"type": "array", "items": shape(inner, definitions)}),
        Shape::Table(inner) => json!({"type": "object", "additionalProperties": shape(inner, definitions)}),
        Shape::Object(object) => reference(*object, definitions),
    }
}
