use super::Class;
use crate::diff::view::{At, policy, words};
use crate::diff::{Comparison, Finding};
use crate::value::Risk;

pub(super) static CLASS: Class = Class { name: "resilience.lb_changed", find };

/// Where nothing is said, Istio takes the pod with the fewest requests of two.
fn find(comparison: &Comparison<'_>, found: &mut Vec<Finding>) {
    for step in policy::steps(comparison, "loadBalancer", balance) {
        let what = format!("{} -> {}", step.old, step.new);
        let effect = if step.old.contains("hash") || step.new.contains("hash") {
            "what is one client's may be served by another pod: what pods keep in memory is lost"
        } else {
            "pods are chosen otherwise"
        };
        found.push(
            Finding::new(&CLASS, Risk::Medium, step.change, &step.pointer, what)
                .of(step.told())
                .effect(effect)
                .safe("change it at a quiet hour, and look at the load of each pod")
                .values(Some(step.old.clone()), Some(step.new.clone())),
        );
    }
}

fn balance(at: At<'_>) -> String {
    let mut parts = Vec::new();
    for entry in at.entries() {
        let value = At::of(Some(&entry.node));
        match entry.key.as_str() {
            "simple" => match value.text() {
                Some("UNSPECIFIED" | "LEAST_REQUEST" | "LEAST_CONN") | None => {}
                Some(other) => parts.push(other.to_owned()),
            },
            "consistentHash" => parts.push(format!("hash by {}", value.canonical())),
            "warmupDurationSecs" => {
                parts.extend(value.milliseconds().map(|span| format!("warmup {}", words::span(span))));
            }
            "warmup" if value.entries().len() == 1 => {
                parts.extend(value.key("duration").milliseconds().map(|span| format!("warmup {}", words::span(span))));
            }
            other => parts.push(format!("{other} {}", value.canonical())),
        }
    }
    if !parts.iter().any(|part| part.starts_with("hash ") || part.chars().all(|c| c.is_ascii_uppercase() || c == '_')) {
        parts.push("LEAST_REQUEST".to_owned());
    }
    parts.sort();
    parts.join(", ")
}
