use super::whole;
use serde_json::{Value, json};

/// What `mesh can --format json` gives.
pub(super) fn can() -> Value {
    let text = json!({"type": "string"});
    let facts = json!({
        "type": "object",
        "properties": {
            "topic": {"enum": ["scope", "door", "route", "mTLS", "asked", "token", "allowed", "refused", "network", "limits"]},
            "text": text,
            "place": {"$ref": "#/$defs/place"},
        },
        "required": ["topic", "text", "place"],
    });
    let answer = json!({
        "type": "object",
        "properties": {
            "environment": text,
            "verdict": {
                "enum": ["yes", "no", "depends", "unknown"],
                "description": "depends: an authorizer decides.",
            },
            "status": {"type": ["integer", "null"], "description": "What is answered instead; null where none is."},
            "by": {"type": "string", "description": "Who answers, in words."},
            "headline": text,
            "facts": {"type": "array", "items": facts, "description": "Why, in the order of the way."},
            "fixes": {"type": "array", "description": "Lines of intent that would let it in.", "items": {
                "type": "object",
                "properties": {"add": text, "place": {"$ref": "#/$defs/place"}},
                "required": ["add", "place"],
            }},
        },
        "required": ["environment", "verdict", "status", "by", "headline", "facts", "fixes"],
    });
    let rest = json!({
        "type": "object",
        "properties": {"version": {"const": 1}, "answers": {"type": "array", "items": answer}},
        "required": ["version", "answers"],
        "$defs": {"place": place()},
    });
    whole("mesh can --format json", "Whether a request comes to a service, by environment.", rest)
}

/// What `mesh who --format json` gives.
pub(super) fn who() -> Value {
    let text = json!({"type": "string"});
    let except = json!({
        "type": "object",
        "properties": {"how": text, "place": {"$ref": "#/$defs/place"}},
        "required": ["how", "place"],
    });
    let line = json!({
        "type": "object",
        "properties": {
            "environment": text,
            "name": text,
            "how": {"type": "string", "description": "Which requests; empty: all."},
            "except": {"type": "array", "items": except, "description": "What of these is refused after all."},
            "gateway": {"type": ["string", "null"], "description": "By which gateway; null: from proxy to proxy."},
            "place": {"$ref": "#/$defs/place"},
        },
        "required": ["environment", "name", "how", "except", "gateway", "place"],
    });
    let rest = json!({
        "type": "object",
        "properties": {"version": {"const": 1}, "lines": {"type": "array", "items": line}},
        "required": ["version", "lines"],
        "$defs": {"place": place()},
    });
    whole("mesh who --format json", "Who may call, or is called, by environment.", rest)
}

fn place() -> Value {
    json!({"type": ["string", "null"], "description": "`file:line:column` of the line of intent; null where nobody says it."})
}
