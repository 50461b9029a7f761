use super::Class;
use crate::diff::view::routing::{Rule, retries, timeout};
use crate::diff::view::words;
use crate::diff::{Comparison, Finding};
use crate::value::Risk;

pub(super) static CLASS: Class = Class { name: "resilience.retries", find };

/// Where nothing is said, Istio tries twice more after failures in which no answer began.
fn find(comparison: &Comparison<'_>, found: &mut Vec<Finding>) {
    // What the proxy answers itself is never tried again.
    let is_led_on = |(_, before, after): &(_, &Rule<'_>, &Rule<'_>)| before.is_led_on() && after.is_led_on();
    for (change, before, after) in comparison.routes().filter(is_led_on) {
        let (old, new) = (retries(before), retries(after));
        let is_over = |rule: &Rule<'_>| {
            let (own, limit) = (retries(rule), timeout(rule));
            #[allow(clippy::cast_precision_loss, reason = "tries are few")]
            own.per_try.zip(limit).is_some_and(|(each, limit)| each * own.attempts as f64 > limit)
        };
        let is_new_over = is_over(after) && !is_over(before);
        if old == new && !is_new_over {
            continue;
        }
        let is_more =
            new.attempts > old.attempts || (new.attempts > 0 && !new.on.is_subset(&old.on) && old.attempts > 0);
        let (risk, effect) = match () {
            () if is_more && is_new_over => (
                Risk::Medium,
                "a service in trouble gets more requests, what is not safe to repeat may be done twice, and the timeout is over before the last try",
            ),
            () if is_more => (
                Risk::Medium,
                "a service in trouble gets more requests, and what is not safe to repeat may be done twice",
            ),
            () if is_new_over => (Risk::Medium, "the timeout is over before all tries are made"),
            () if old == new => continue,
            // What Istio does by itself again goes with the routes.
            () if after.implied.is_some() => continue,
            () if new.attempts < old.attempts => (Risk::Low, "failures reach callers sooner"),
            () => (Risk::Low, "failed requests are tried again otherwise"),
        };
        let what = format!("{} -> {}", told(before), told(after));
        found.push(
            Finding::new(&CLASS, risk, change, after.field(before, "retries"), what)
                .of(after.told())
                .effect(effect)
                .safe(if is_more { "retry only what may be done twice, and limit each try" } else { "" })
                .values(Some(told(before)), Some(told(after))),
        );
    }
}

fn told(rule: &Rule<'_>) -> String {
    let own = retries(rule);
    if own.attempts == 0 {
        return "no retries".to_owned();
    }
    let each = own.per_try.map(|limit| format!(" of {}", words::span(limit))).unwrap_or_default();
    let on: Vec<&str> = own.on.iter().map(String::as_str).collect();
    let rest = if own.rest.is_empty() { String::new() } else { format!("; {}", own.rest.join(", ")) };
    format!("{} retries{each} after {}{rest}", own.attempts, on.join(", "))
}
