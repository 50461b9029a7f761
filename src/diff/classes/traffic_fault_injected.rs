use super::Class;
use crate::diff::view::routing::{Fault, Rule, Tables, fault};
use crate::diff::view::words;
use crate::diff::{Change, Comparison, Finding};
use crate::value::Risk;

pub(super) static CLASS: Class = Class { name: "traffic.fault_injected", find };

fn find(comparison: &Comparison<'_>, found: &mut Vec<Finding>) {
    for (change, table) in comparison.routing() {
        found.extend(moved(change, table));
        let new = table.lone().1.map(|(_, rule)| (None, rule));
        let pairs = table.pairs().map(|(before, after)| (Some(before), after));
        for (before, after) in pairs.chain(new) {
            let (old, new) = (before.map(fault).unwrap_or_default(), fault(after));
            if old == new {
                continue;
            }
            let is_gone = new.abort.is_none() && new.delay.is_none();
            let is_less = is_gone || is_less(&old, &new);
            let risk = if is_less { Risk::Low } else { Risk::High };
            let what = format!("{} -> {}", told(before), told(Some(after)));
            let pointer = after.field(before.unwrap_or(after), "fault");
            found.push(
                Finding::new(&CLASS, risk, change, pointer, what)
                    .of(after.told())
                    .effect(match (is_gone, is_less) {
                        (true, _) => "faults are not made up any more",
                        (false, true) => "fewer requests fail or wait on purpose",
                        (false, false) => "real requests fail or wait on purpose",
                    })
                    .safe(if is_less { "" } else { "ask for a header that only your tests send" })
                    .values(Some(told(before)), Some(told(Some(after)))),
            );
        }
    }
}

/// Whether fewer requests meet faults, and none of them a worse one.
fn is_less(old: &Fault, new: &Fault) -> bool {
    let aborts = match (&old.abort, &new.abort) {
        (Some((was, with)), Some((is, by))) => is <= was && with == by,
        (_, None) => true,
        (None, Some(_)) => false,
    };
    let delays = match (old.delay, new.delay) {
        (Some((was, held)), Some((is, hold))) => is <= was && hold <= held,
        (_, None) => true,
        (None, Some(_)) => false,
    };
    aborts && delays
}

/// Requests that another rule takes than before, which makes up other faults.
fn moved(change: &Change<'_>, table: &Tables<'_>) -> Vec<Finding> {
    let lone: Vec<usize> = table.lone().1.map(|(index, _)| index).collect();
    let mut found: Vec<Finding> = Vec::new();
    for step in table.moves.iter().filter(|step| step.to.is_some_and(|to| !lone.contains(&to))) {
        let Some(new) = step.to.and_then(|to| table.after.get(to)) else { continue };
        let old = step.from.and_then(|from| table.before.get(from));
        let pointer = format!("{}/fault", new.pointer);
        let is_told = found.iter().any(|finding| finding.pointer == pointer);
        let (was, is) = (old.map(fault).unwrap_or_default(), fault(new));
        if is_told || was == is {
            continue;
        }
        // Where they go now is told with the routes.
        if is_less(&was, &is) {
            continue;
        }
        let what = format!("{} takes other requests, and their faults are others: {}", new.told(), step.witness);
        let effect = format!("real requests fail or wait on purpose: {} instead of {}", told(Some(new)), told(old));
        found.push(
            Finding::new(&CLASS, Risk::High, change, pointer, what)
                .effect(effect)
                .safe("ask for a header that only your tests send")
                .values(Some(told(old)), Some(told(Some(new)))),
        );
    }
    found
}

fn told(rule: Option<&Rule<'_>>) -> String {
    let fault = rule.map(fault).unwrap_or_default();
    let abort = fault.abort.map(|(share, with)| format!("{} answered with {with}", words::percent(share)));
    let delay = fault.delay.map(|(share, held)| format!("{} held for {}", words::percent(share), words::span(held)));
    let all: Vec<String> = abort.into_iter().chain(delay).collect();
    if all.is_empty() { "no fault".to_owned() } else { all.join(", ") }
}
