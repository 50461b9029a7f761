use super::Class;
use crate::diff::view::routing::timeout;
use crate::diff::view::words;
use crate::diff::{Comparison, Finding};
use crate::value::Risk;

pub(super) static CLASS: Class = Class { name: "resilience.timeout", find };

/// Without a timeout Istio waits for ever; one that is over answers with 504.
fn find(comparison: &Comparison<'_>, found: &mut Vec<Finding>) {
    for (change, before, after) in comparison.routes() {
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
        let what = format!("{}: timeout {} -> {}", after.told(), told(old), told(new));
        found.push(
            Finding::new(&CLASS, risk, change, after.field(before, "timeout"), what)
                .effect(effect)
                .safe(match (risk, new) {
                    (Risk::Low, _) => "",
                    (_, None) => "say a long one instead of none",
                    (_, Some(_)) => "look at the slowest requests first (p99)",
                })
                .values(Some(told(old)), Some(told(new))),
        );
    }
}
