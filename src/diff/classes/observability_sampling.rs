use super::Class;
use crate::diff::view::{At, telemetry, words};
use crate::diff::{Comparison, Finding};
use crate::value::Risk;

pub(super) static CLASS: Class = Class { name: "observability.sampling", find };

fn find(comparison: &Comparison<'_>, found: &mut Vec<Finding>) {
    for step in telemetry::steps(comparison, "tracing") {
        let (before, after) = (told(&step.old), told(&step.new));
        if before == after {
            continue;
        }
        found.push(
            Finding::new(
                &CLASS,
                Risk::Low,
                step.change,
                "/spec/tracing",
                format!("requests that are traced: {before} -> {after}"),
            )
            .effect(if before.split(" to ").next() == after.split(" to ").next() {
                "traces are found elsewhere"
            } else {
                "more or fewer requests leave traces, which cost what they are many"
            })
            .values(Some(before), Some(after)),
        );
    }
}

/// Of how many requests traces are told, and to whom.
fn told(all: &[At<'_>]) -> String {
    let each = all.iter().map(|at| {
        if at.key("disableSpanReporting").flag() {
            return "none".to_owned();
        }
        let share =
            at.key("randomSamplingPercentage").number().map_or_else(|| "as the mesh says".to_owned(), words::percent);
        let providers: Vec<&str> = at.key("providers").items().filter_map(|item| item.key("name").text()).collect();
        let of = at
            .get("match.mode")
            .text()
            .filter(|mode| *mode != "CLIENT_AND_SERVER")
            .map(|mode| format!(" of {mode}"))
            .unwrap_or_default();
        if providers.is_empty() { format!("{share}{of}") } else { format!("{share}{of} to {}", providers.join(", ")) }
    });
    let each: Vec<String> = each.collect();
    if each.is_empty() { "as the mesh says".to_owned() } else { each.join("; ") }
}
