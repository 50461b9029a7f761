use super::Class;
use crate::diff::view::routing::{Part, steps};
use crate::diff::{Comparison, Finding};
use crate::value::Risk;

pub(super) static CLASS: Class = Class { name: "traffic.rewrite", find };

fn find(comparison: &Comparison<'_>, found: &mut Vec<Finding>) {
    for step in steps(comparison, Part::Rewrite, &["rewrite"]) {
        let what = step.told("requests are not rewritten");
        found.push(
            step.finding(&CLASS, Risk::Medium, what)
                .effect("services see another path or host, and their access rules judge what they see")
                .safe("let the service answer both first"),
        );
    }
}
