use super::whole;
use serde_json::{Value, json};

/// What `mesh check --format json` gives.
pub(super) fn diagnostics() -> Value {
    let (properties, required) = report();
    let rest = json!({"type": "object", "properties": properties, "required": required, "$defs": definitions()});
    whole("mesh check --format json", "What was found. A new field does not raise `version`.", rest)
}

/// What `mesh compile --format json` gives.
pub(super) fn compile() -> Value {
    let (mut properties, mut required) = report();
    let paths = json!({"type": "array", "items": {"type": "string"}});
    let environment = json!({
        "type": "object",
        "properties": {
            "name": {"type": "string", "description": "The environment."},
            "directory": {"type": "string", "description": "Where its tree is."},
            "services": {"type": "integer"},
            "objects": {"type": "integer"},
            "added": paths,
            "changed": paths,
            "removed": paths,
            "unchanged": {"type": "integer", "description": "How many files stayed as they were."},
        },
        "required": ["name", "directory", "services", "objects", "added", "changed", "removed", "unchanged"],
    });
    if let (Some(properties), Some(required)) = (properties.as_object_mut(), required.as_array_mut()) {
        properties.insert("environments".to_owned(), json!({"type": "array", "items": environment}));
        required.push("environments".into());
    }
    let rest = json!({"type": "object", "properties": properties, "required": required, "$defs": definitions()});
    whole("mesh compile --format json", "What was found, and the trees: none if there are errors.", rest)
}

/// What `mesh diff --format json` gives.
pub(super) fn diff() -> Value {
    let mut schema = crate::diff::render::schema();
    if let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) {
        let digest = json!({"type": "string", "description": "What --expect takes."});
        properties.insert("digest".to_owned(), digest);
    }
    whole("mesh diff --format json", "What changes. A new field does not raise `schemaVersion`.", schema)
}

/// What `mesh explain PATH --format json` gives.
pub(super) fn explain() -> Value {
    let text = json!({"type": "string"});
    let rest = json!({
        "type": "object",
        "properties": {
            "version": {"const": 1},
            "values": {"type": "array", "items": {"$ref": "#/$defs/value"}},
            "page": {"type": "object", "description": "Of a code: its page.", "properties": {"name": text, "text": text}},
            "line": {"type": "object", "description": "With --manifest: the line, and what answers for it beside values."},
        },
        "required": ["version", "values"],
        "$defs": {"value": {
            "type": "object",
            "properties": {
                "path": text,
                "value": text,
                "chain": {
                    "type": "array",
                    "description": "Who said it, the strongest layer first.",
                    "items": {
                        "type": "object",
                        "properties": {"layer": text, "value": text, "place": {"type": ["string", "null"]}},
                        "required": ["layer", "value", "place"],
                    },
                },
                "becomes": {
                    "type": "array",
                    "items": {"type": "object", "properties": {"object": text, "field": text}, "required": ["object", "field"]},
                },
                "does_not_hold": {"type": "string", "description": "Of a default that does not fit: why."},
                "environment": text,
                "kind": text,
                "namespace": {"type": ["string", "null"]},
            },
            "required": ["path", "value", "chain", "becomes", "environment", "kind", "namespace"],
        }},
    });
    whole("mesh explain PATH --format json", "Values, with who decided each.", rest)
}

fn report() -> (Value, Value) {
    let count = json!({"type": "integer", "minimum": 0});
    let properties = json!({
        "version": {"const": 1},
        "diagnostics": {"type": "array", "items": {"$ref": "#/$defs/diagnostic"}},
        "errors": count,
        "warnings": count,
        "dropped": {"type": "integer", "description": "How many more there were in files that had too many."},
    });
    (properties, json!(["version", "diagnostics", "errors", "warnings", "dropped"]))
}

fn definitions() -> Value {
    let texts = json!({"type": "array", "items": {"type": "string"}});
    json!({
        "position": {
            "type": "object",
            "properties": {
                "line": {"type": "integer", "minimum": 1},
                "column": {"type": "integer", "minimum": 1, "description": "In characters."},
                "offset": {"type": "integer", "minimum": 0, "description": "In bytes."},
            },
            "required": ["line", "column", "offset"],
        },
        "range": {
            "type": "object",
            "properties": {
                "file": {"type": "string"},
                "start": {"$ref": "#/$defs/position"},
                "end": {"$ref": "#/$defs/position"},
            },
            "required": ["file", "start", "end"],
        },
        "place": {
            "allOf": [{"$ref": "#/$defs/range"}],
            "properties": {"label": {"type": "string"}},
            "required": ["label"],
        },
        "help": {
            "type": "object",
            "properties": {
                "text": {"type": "string"},
                "edits": {"type": "array", "items": {
                    "allOf": [{"$ref": "#/$defs/range"}],
                    "properties": {"replacement": {"type": "string"}},
                    "required": ["replacement"],
                }},
            },
            "required": ["text", "edits"],
        },
        "diagnostic": {
            "type": "object",
            "description": "One fault; without `file`, `start`, `end` and `label` if it is in no file.",
            "properties": {
                "code": {"type": "string"},
                "severity": {"enum": ["error", "warning"]},
                "title": {"type": "string"},
                "file": {"type": "string"},
                "start": {"$ref": "#/$defs/position"},
                "end": {"$ref": "#/$defs/position"},
                "label": {"type": "string"},
                "related": {"type": "array", "items": {"$ref": "#/$defs/place"}},
                "notes": texts,
                "helps": {"type": "array", "items": {"$ref": "#/$defs/help"}},
            },
            "required": ["code", "severity", "title", "related", "notes", "helps"],
        },
    })
}
