use super::Class;
use crate::diff::view::{At, telemetry};
use crate::diff::{Comparison, Finding};
use crate::value::Risk;

pub(super) static CLASS: Class = Class { name: "observability.access_log_disabled", find };

fn find(comparison: &Comparison<'_>, found: &mut Vec<Finding>) {
    for step in telemetry::steps(comparison, "accessLogging") {
        let (before, after) = (told(&step.old), told(&step.new));
        if before == after {
            continue;
        }
        let logs = |all: &[At<'_>]| all.iter().any(|at| !at.key("disabled").flag());
        let is_filtered = |all: &[At<'_>]| all.iter().any(|at| at.key("filter").is_there());
        let (risk, effect) = match (logs(&step.old), logs(&step.new)) {
            (true, false) => (Risk::Medium, "requests are not logged any more: what went wrong cannot be looked up"),
            (false, true) => (Risk::Low, "requests are logged, which costs what they are many"),
            (false, false) => (Risk::Medium, "what the wider scope logs is switched off, or not any more"),
            (true, true) if is_filtered(&step.new) => (
                Risk::Medium,
                "only what the filter takes is logged: a filter that names a field that does not exist logs nothing, without a word",
            ),
            (true, true) => (Risk::Low, "requests are logged otherwise"),
        };
        found.push(
            Finding::new(&CLASS, risk, step.change, "/spec/accessLogging", format!("access log: {before} -> {after}"))
                .effect(effect)
                .safe(if risk == Risk::Medium { "log failures at least: response.code >= 400" } else { "" })
                .values(Some(before), Some(after)),
        );
    }
}

fn told(all: &[At<'_>]) -> String {
    let each = all.iter().map(|at| {
        if at.key("disabled").flag() {
            return "off".to_owned();
        }
        let providers: Vec<&str> = at.key("providers").items().filter_map(|item| item.key("name").text()).collect();
        let to = if providers.is_empty() { "on".to_owned() } else { format!("to {}", providers.join(", ")) };
        let filter = at.get("filter.expression").text().map(|text| format!(" where {text}")).unwrap_or_default();
        let of = at
            .get("match.mode")
            .text()
            .filter(|mode| *mode != "CLIENT_AND_SERVER")
            .map(|mode| format!(" of {mode}"))
            .unwrap_or_default();
        format!("{to}{of}{filter}")
    });
    let each: Vec<String> = each.collect();
    if each.is_empty() { "as the mesh says".to_owned() } else { each.join("; ") }
}
