use super::Class;
use crate::diff::view::{At, telemetry};
use crate::diff::{Comparison, Finding};
use crate::value::Risk;

pub(super) static CLASS: Class = Class { name: "observability.metrics_changed", find };

fn find(comparison: &Comparison<'_>, found: &mut Vec<Finding>) {
    for step in telemetry::steps(comparison, "metrics") {
        let (before, after) = (metrics(&step.old), metrics(&step.new));
        if before == after {
            continue;
        }
        let gone: Vec<&String> = after.iter().filter(|said| said.contains(" off") && !before.contains(said)).collect();
        let (risk, effect) = if gone.is_empty() {
            (Risk::Low, "dashboards and alerts that ask for other tags or metrics find nothing")
        } else {
            (Risk::Medium, "dashboards, alerts and autoscaling that ask for it find nothing, without a word")
        };
        let told = |all: &[String]| if all.is_empty() { "as the mesh says".to_owned() } else { all.join("; ") };
        let (before, after) = (told(&before), told(&after));
        let what = format!("metrics: {before} -> {after}");
        found.push(
            Finding::new(&CLASS, risk, step.change, "/spec/metrics", what)
                .effect(effect)
                .values(Some(before), Some(after)),
        );
    }
    for step in telemetry::steps(comparison, "tracing") {
        let tags = |all: &[At<'_>]| -> String {
            let each = all
                .iter()
                .map(|at| at.key("customTags").canonical() + &at.key("useRequestIdForTraceSampling").canonical());
            each.filter(|text| !text.is_empty()).collect::<Vec<_>>().join("; ")
        };
        let (before, after) = (tags(&step.old), tags(&step.new));
        if before != after {
            let told = |text: &str| if text.is_empty() { "none".to_owned() } else { text.to_owned() };
            let (before, after) = (told(&before), told(&after));
            let what = format!("tags of traces: {before} -> {after}");
            found.push(
                Finding::new(&CLASS, Risk::Low, step.change, "/spec/tracing", what)
                    .effect("traces are found by other tags")
                    .values(Some(before), Some(after)),
            );
        }
    }
}

/// What is said of metrics, each in words.
fn metrics(all: &[At<'_>]) -> Vec<String> {
    let mut said = Vec::new();
    for at in all {
        let providers: Vec<&str> = at.key("providers").items().filter_map(|item| item.key("name").text()).collect();
        let to = if providers.is_empty() { String::new() } else { format!(" to {}", providers.join(", ")) };
        for item in at.key("overrides").items() {
            let of = item.key("match");
            let metric = of.key("metric").text().or(of.key("customMetric").text()).unwrap_or("ALL_METRICS");
            let mode = of.key("mode").text().filter(|mode| *mode != "CLIENT_AND_SERVER");
            let mode = mode.map(|mode| format!(" of {mode}")).unwrap_or_default();
            let what = if item.key("disabled").flag() { " off".to_owned() } else { tags(item.key("tagOverrides")) };
            said.push(format!("{metric}{mode}{to}{what}"));
        }
        let interval = at.key("reportingInterval").milliseconds();
        said.extend(interval.map(|held| format!("told every {}", crate::diff::view::words::span(held))));
        if at.key("overrides").items().next().is_none() && interval.is_none() && !to.is_empty() {
            said.push(format!("all{to}"));
        }
    }
    said
}

fn tags(at: At<'_>) -> String {
    let each = at.entries().iter().map(|entry| {
        let value = At::of(Some(&entry.node));
        let is_gone = value.key("operation").text() == Some("REMOVE");
        let by = value.key("value").text().map(|text| format!(" = {}", text.trim())).unwrap_or_default();
        format!(" tag {}{}", entry.key, if is_gone { " off".to_owned() } else { by })
    });
    each.collect::<Vec<_>>().join(",")
}
