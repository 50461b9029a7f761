use super::Class;
use crate::diff::view::breaker::{self, Way};
use crate::diff::{Comparison, Finding};
use crate::value::Risk;

pub(super) static CLASS: Class = Class { name: "resilience.breaker_tightened", find };

fn find(comparison: &Comparison<'_>, found: &mut Vec<Finding>) {
    for step in breaker::steps(comparison).iter().filter(|step| step.way == Way::Tighter) {
        let effect = if step.is_all {
            "all pods may be taken out at once: then every request fails with 503"
        } else {
            "requests over the limit fail with 503 at once, or fewer pods serve"
        };
        found.push(
            step.finding(&CLASS, if step.is_all { Risk::High } else { Risk::Medium })
                .effect(effect)
                .safe("look at the peaks of connections and errors first"),
        );
    }
}
