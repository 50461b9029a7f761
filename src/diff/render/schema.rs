use super::data::VERSION;
use crate::diff::Operation;
use crate::value::Risk;
use serde_json::{Value, json};

/// The JSON Schema of what [`data`](super::data()) gives, without its head.
pub fn schema() -> Value {
    let mut schema = whole(&json!({
        "schemaVersion": {"const": VERSION},
        "from": maybe(),
        "to": maybe(),
        "reports": list("report"),
    }));
    if let Some(fields) = schema.as_object_mut() {
        fields.insert("$defs".to_owned(), definitions());
    }
    schema
}

fn text() -> Value {
    json!({"type": "string"})
}

fn maybe() -> Value {
    json!({"type": ["string", "null"]})
}

fn risk() -> Value {
    json!({"enum": Risk::ALL.map(Risk::name)})
}

fn list(of: &str) -> Value {
    json!({"type": "array", "items": {"$ref": format!("#/$defs/{of}")}})
}

/// An object that has all of these.
fn whole(properties: &Value) -> Value {
    let required: Vec<String> = properties.as_object().map(|all| all.keys().cloned().collect()).unwrap_or_default();
    json!({"type": "object", "properties": properties, "required": required})
}

fn definitions() -> Value {
    json!({
        "report": report(),
        "object": object(),
        "finding": finding(),
        "part": whole(&part()),
        "accepted": whole(&json!({
            "finding": {"$ref": "#/$defs/finding"}, "reason": text(), "until": maybe(), "place": maybe(),
        })),
        "ignored": whole(&json!({
            "object": text(), "pointer": text(), "owner": text(), "reason": text(), "before": {}, "after": {},
        })),
        "unknown": whole(&json!({"kind": text(), "namespace": maybe(), "reason": text()})),
        "step": whole(&json!({"what": text(), "why": text()})),
    })
}

fn report() -> Value {
    let count = json!({"type": "integer", "minimum": 0});
    whole(&json!({
        "environment": maybe(),
        "summary": whole(&json!({
            "add": count, "change": count, "delete": count, "risk": risk(),
            "critical": count, "high": count, "medium": count, "low": count,
        })),
        "objects": list("object"),
        "findings": list("finding"),
        "accepted": list("accepted"),
        "expired": list("accepted"),
        "ignored": list("ignored"),
        "unknown": list("unknown"),
        "steps": list("step"),
    }))
}

fn object() -> Value {
    let operations = [Operation::Add.word(), Operation::Change.word(), Operation::Delete.word()];
    let pointer =
        json!({"type": "string", "description": "A JSON Pointer, into the later side where the field is there."});
    let changes = whole(&json!({
        "pointer": pointer,
        "before": {"description": "null where it comes"},
        "after": {"description": "null where it goes"},
    }));
    whole(&json!({
        "id": {"type": "string", "description": "Kind/namespace/name"},
        "group": text(),
        "operation": {"enum": operations},
        "changes": {"type": "array", "items": changes},
    }))
}

fn finding() -> Value {
    let texts = json!({"type": "array", "items": {"type": "string"}});
    let mut finding = part();
    if let Some(fields) = finding.as_object_mut() {
        fields.insert("callers".to_owned(), texts.clone());
        fields.insert("hosts".to_owned(), texts);
        fields.insert("parts".to_owned(), list("part"));
    }
    whole(&finding)
}

/// What one object or part of an object says of a finding.
fn part() -> Value {
    let place = whole(&json!({"side": {"enum": ["before", "after"]}, "at": maybe()}));
    json!({
        "class": {"type": "string", "description": "What accept names; its page is in the book."},
        "risk": risk(),
        "object": text(),
        "pointer": text(),
        "place": {"anyOf": [{"type": "null"}, place]},
        "what": text(),
        "effect": text(),
        "safe": text(),
        "before": maybe(),
        "after": maybe(),
        "confidence": {"enum": ["exact", "approximate"]},
    })
}
