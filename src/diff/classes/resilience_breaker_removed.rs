use super::Class;
use crate::diff::view::breaker::{self, Way};
use crate::diff::{Comparison, Finding};
use crate::value::Risk;

pub(super) static CLASS: Class = Class { name: "resilience.breaker_removed", find };

fn find(comparison: &Comparison<'_>, found: &mut Vec<Finding>) {
    for step in breaker::steps(comparison).iter().filter(|step| step.way == Way::Removed) {
        found.push(
            step.finding(&CLASS, Risk::High)
                .effect("a pod that fails keeps its share of requests, or a service takes as much as comes")
                .safe("loosen it step by step instead"),
        );
    }
}
