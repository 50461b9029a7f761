//! The view for programs: one JSON object, whose shape is the shape of the types here.
//!
//! A new field does not raise `schemaVersion`; a field that goes or changes its meaning does.

use super::{Told, values};
use crate::diff::{Accepted, Change, Finding, Ignored, Masks, Operation, Place, Report, Which, plan};
use crate::value::Risk;
use crate::verbatim::Node;
use serde_json::{Value, json};

/// The version of the shape.
pub(super) const VERSION: &str = "mesh.diff/v1";

/// The reports of all environments.
pub fn data(reports: &[(Report<'_>, Told<'_>)]) -> Value {
    let first = reports.first().map(|(_, told)| told);
    json!({
        "schemaVersion": VERSION,
        "from": first.map(|told| &told.from),
        "to": first.map(|told| &told.to),
        "reports": reports.iter().map(|(report, told)| of(report, told)).collect::<Vec<_>>(),
    })
}

fn of(report: &Report<'_>, told: &Told<'_>) -> Value {
    let masks = &report.masks;
    let objects: Vec<Value> = report.changes.iter().map(|change| object(change, masks)).collect();
    let ignored: Vec<Value> = report.ignored.iter().map(|value| self::ignored(value, masks)).collect();
    let unknown = report.unknown.iter().map(|unknown| {
        json!({"kind": unknown.kind.as_str(), "namespace": unknown.namespace.as_deref(), "reason": unknown.reason})
    });
    let steps = plan(report).into_iter().map(|step| json!({"what": step.what, "why": step.why}));
    let expired = report.expired.iter().map(|expired| accepted(expired, told));
    json!({
        "environment": told.environment,
        "summary": {
            "add": report.operations(Operation::Add),
            "change": report.operations(Operation::Change),
            "delete": report.operations(Operation::Delete),
            "risk": report.risk().name(),
            "critical": report.count(Risk::Critical),
            "high": report.count(Risk::High),
            "medium": report.count(Risk::Medium),
            "low": report.count(Risk::Low),
        },
        "objects": objects,
        "findings": report.findings.iter().map(|found| finding(found, told)).collect::<Vec<_>>(),
        "accepted": report.accepted.iter().map(|accept| accepted(accept, told)).collect::<Vec<_>>(),
        "expired": expired.collect::<Vec<_>>(),
        "ignored": ignored,
        "unknown": unknown.collect::<Vec<_>>(),
        "steps": steps.collect::<Vec<_>>(),
    })
}

fn object(change: &Change<'_>, masks: &Masks) -> Value {
    let show = |node: Option<&Node>| node.map(|node| values::data(node, masks));
    let fields: Vec<Value> = change
        .fields
        .iter()
        .map(|field| {
            json!({
                "pointer": field.pointer,
                "before": show(field.before),
                "after": show(field.after),
            })
        })
        .collect();
    json!({
        "id": change.id.to_string(),
        "group": change.id.group.as_str(),
        "operation": change.operation().word(),
        "changes": fields,
    })
}

/// A finding with all that is told of in the same breath.
fn finding(finding: &Finding, told: &Told<'_>) -> Value {
    let mut data = one(finding, told);
    if let Some(fields) = data.as_object_mut() {
        fields.insert("what".to_owned(), json!(finding.clauses().join("; ")));
        fields.insert("effect".to_owned(), json!(finding.effects().join("; ")));
        fields.insert("safe".to_owned(), json!(finding.safely().join("; ")));
        fields.insert("callers".to_owned(), json!(finding.callers));
        fields.insert("hosts".to_owned(), json!(finding.hosts));
        fields.insert("parts".to_owned(), finding.all().map(|part| one(part, told)).collect());
    }
    data
}

fn one(finding: &Finding, told: &Told<'_>) -> Value {
    json!({
        "class": finding.class.name,
        "risk": finding.risk.name(),
        "object": finding.object.to_string(),
        "pointer": finding.pointer,
        "place": finding.place.map(|place| self::place(place, told)),
        "what": finding.said(),
        "effect": finding.effect_said(),
        "safe": finding.safe,
        "before": finding.before,
        "after": finding.after,
        "confidence": finding.confidence.word(),
    })
}

fn place(place: Place, told: &Told<'_>) -> Value {
    let side = match place.side {
        Which::Before => "before",
        Which::After => "after",
    };
    json!({"side": side, "at": told.place(place)})
}

fn accepted(accepted: &Accepted, told: &Told<'_>) -> Value {
    let Accepted { finding: found, by } = accepted;
    json!({
        "finding": finding(found, told),
        "reason": by.reason.text.as_str(),
        "until": by.reason.until.map(|day| day.to_string()),
        "place": told.span(by.span),
    })
}

fn ignored(ignored: &Ignored, masks: &Masks) -> Value {
    let show = |node: &Option<Node>| node.as_ref().map(|node| values::data(node, masks));
    json!({
        "object": ignored.object.as_str(),
        "pointer": ignored.pointer.as_str(),
        "owner": ignored.owner.as_str(),
        "reason": ignored.reason.as_str(),
        "before": show(&ignored.before),
        "after": show(&ignored.after),
    })
}
