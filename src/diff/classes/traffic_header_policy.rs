use super::Class;
use crate::diff::view::routing::{Part, steps};
use crate::diff::{Comparison, Finding};
use crate::value::Risk;

pub(super) static CLASS: Class = Class { name: "traffic.header_policy", find };

/// Headers on which others decide who somebody is.
const IDENTITY: [&str; 5] = ["authorization", "x-forwarded-", "cookie", ":authority", "host="];

fn find(comparison: &Comparison<'_>, found: &mut Vec<Finding>) {
    for step in steps(comparison, Part::Headers, &["headers", "route"]) {
        let is_identity = step.differing().any(|part| IDENTITY.iter().any(|name| part.contains(name)));
        let risk = if is_identity { Risk::High } else { Risk::Medium };
        let what = step.told("no header is changed");
        found.push(step.finding(&CLASS, risk, what).effect("services or clients see other headers"));
    }
}
