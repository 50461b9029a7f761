use super::Class;
use crate::diff::view::routing::{Rule, fault};
use crate::diff::view::words;
use crate::diff::{Comparison, Finding};
use crate::value::Risk;

pub(super) static CLASS: Class = Class { name: "traffic.fault_injected", find };

fn find(comparison: &Comparison<'_>, found: &mut Vec<Finding>) {
    for (change, table) in comparison.routing() {
        let new = table.lone().1.map(|(_, rule)| (None, rule));
        let pairs = table.pairs().map(|(before, after)| (Some(before), after));
        for (before, after) in pairs.chain(new) {
            let (old, new) = (before.map(fault).unwrap_or_default(), fault(after));
            if old == new {
                continue;
            }
            let is_less = new.abort.is_none() && new.delay.is_none();
            let risk = if is_less { Risk::Low } else { Risk::High };
            let what = format!("{}: {} -> {}", after.told(), told(before), told(Some(after)));
            let pointer = after.field(before.unwrap_or(after), "fault");
            found.push(
                Finding::new(&CLASS, risk, change, pointer, what)
                    .effect(if is_less {
                        "faults are not made up any more"
                    } else {
                        "real requests fail or wait on purpose"
                    })
                    .safe(if is_less { "" } else { "ask for a header that only your tests send" })
                    .values(Some(told(before)), Some(told(Some(after)))),
            );
        }
    }
}

fn told(rule: Option<&Rule<'_>>) -> String {
    let fault = rule.map(fault).unwrap_or_default();
    let abort = fault.abort.map(|(share, with)| format!("{} answered with {with}", words::percent(share)));
    let delay = fault.delay.map(|(share, held)| format!("{} held for {}", words::percent(share), words::span(held)));
    let all: Vec<String> = abort.into_iter().chain(delay).collect();
    if all.is_empty() { "no fault".to_owned() } else { all.join(", ") }
}
