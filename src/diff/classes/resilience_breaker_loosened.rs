use super::Class;
use crate::diff::view::breaker::{self, Way};
use crate::diff::{Comparison, Finding};
use crate::value::Risk;

pub(super) static CLASS: Class = Class { name: "resilience.breaker_loosened", find };

fn find(comparison: &Comparison<'_>, found: &mut Vec<Finding>) {
    for step in breaker::steps(comparison).iter().filter(|step| step.way == Way::Looser) {
        found.push(
            step.finding(&CLASS, Risk::Medium)
                .effect("a service in trouble gets more requests before calls are cut off")
                .safe("see that the service bears what gets through now"),
        );
    }
}
