use super::Class;
use crate::diff::view::routing::{Rule, timeout};
use crate::diff::view::{At, deadlines, policy, words};
use crate::diff::{Comparison, Finding};
use crate::value::Risk;

pub(super) static CLASS: Class = Class { name: "resilience.timeout", find };

/// Without a timeout Istio waits for ever; one that is over answers with 504.
fn find(comparison: &Comparison<'_>, found: &mut Vec<Finding>) {
    // What the proxy answers itself waits for nobody.
    let is_led_on = |(_, before, after): &(_, &Rule<'_>, &Rule<'_>)| before.is_led_on() && after.is_led_on();
    for (change, before, after) in comparison.routes().filter(is_led_on) {
        let (old, new) = (timeout(before), timeout(after));
        if old == new || after.implied.is_some() && old.is_none() {
            continue;
        }
        let (risk, effect) = match (old, new) {
            (_, None) => (Risk::Medium, "callers wait for as long as the service takes"),
            (Some(old), Some(new)) if new * 2.0 <= old => (Risk::High, "requests that took longer fail with 504"),
            (Some(old), Some(new)) if new > old => (Risk::Low, "callers wait longer before they see a 504"),
            (_, Some(_)) => (Risk::Medium, "requests that take longer fail with 504"),
        };
        let told = |limit: Option<f64>| limit.map_or_else(|| "none".to_owned(), words::span);
        let what = format!("timeout {} -> {}", told(old), told(new));
        found.push(
            Finding::new(&CLASS, risk, change, after.field(before, "timeout"), what)
                .of(after.told())
                .effect(effect)
                .safe(match (risk, new) {
                    (Risk::Low, _) => "",
                    (_, None) => "say a long one instead of none",
                    (_, Some(_)) => "look at the slowest requests first (p99)",
                })
                .values(Some(told(old)), Some(told(new))),
        );
    }
    of_chains(comparison, found);
    of_connections(comparison, found);
}

/// Whoever is given less time than it gives to what it calls has answered its callers before it has its answer.
fn of_chains(comparison: &Comparison<'_>, found: &mut Vec<Finding>) {
    for step in deadlines::steps(comparison) {
        let (given, waits) = (words::span(step.given), words::span(step.waits));
        let what =
            format!("{} may wait {waits} for {}, and its own callers wait {given} for it", step.caller, step.callee);
        let pointer = if At::spec_of(step.change.after).key("http").is_there() { "/spec/http" } else { "/spec" };
        found.push(
            Finding::new(&CLASS, Risk::High, step.change, pointer, what)
                .effect(format!("its callers see 504 while it still waits: what {} answers late is lost", step.callee))
                .safe("give each service more time than it gives to what it calls"),
        );
    }
}

/// How long connections may be idle, and how old they may become. A call without an answer yet is idle too.
const OF_CONNECTIONS: [(&str, &str, Option<f64>); 3] = [
    ("http/idleTimeout", "idle connections of requests", Some(3_600_000.0)),
    ("tcp/idleTimeout", "idle connections", Some(3_600_000.0)),
    ("tcp/maxConnectionDuration", "connections of any kind", None),
];

fn of_connections(comparison: &Comparison<'_>, found: &mut Vec<Finding>) {
    for (path, of, unsaid) in OF_CONNECTIONS {
        let read = |at: At<'_>| at.get(&path.replace('/', ".")).milliseconds().filter(|held| *held > 0.0).or(unsaid);
        for step in policy::steps(comparison, "connectionPool", read) {
            let told = |limit: Option<f64>| {
                limit.map_or_else(|| "never".to_owned(), |held| format!("after {}", words::span(held)))
            };
            let (old, new) = (step.old.unwrap_or(f64::INFINITY), step.new.unwrap_or(f64::INFINITY));
            let (risk, effect) = if new < old {
                (
                    Risk::Medium,
                    "what waits or streams for longer without a byte is cut off, and connections are opened more often",
                )
            } else {
                (Risk::Low, "connections stand for longer: pods keep callers that they had")
            };
            let what = format!("{of} to {} are closed {} instead of {}", step.told(), told(step.new), told(step.old));
            found.push(
                Finding::new(&CLASS, risk, step.change, format!("{}/{path}", step.pointer), what)
                    .effect(effect)
                    .values(Some(told(step.old)), Some(told(step.new))),
            );
        }
    }
}
