use super::Class;
use crate::diff::view::routing::{CREDENTIALS, cors};
use crate::diff::view::words;
use crate::diff::{Comparison, Finding};
use crate::value::Risk;

pub(super) static CLASS: Class = Class { name: "traffic.cors", find };

/// Origins that any page has.
const ANY: [&str; 6] =
    ["origin *", "origin regex .*", "origin regex *", "origin prefix http", "origin prefix https://", "origin prefix "];

fn find(comparison: &Comparison<'_>, found: &mut Vec<Finding>) {
    for (change, before, after) in comparison.routes() {
        let (old, new) = (cors(before), cors(after));
        if old == new {
            continue;
        }
        let is_any = new.iter().any(|part| ANY.contains(&part.as_str()));
        let with_credentials = new.iter().any(|part| part == CREDENTIALS);
        let (risk, effect) = match (is_any, with_credentials) {
            (true, true) => (Risk::High, "any page may call with the cookies of whoever looks at it"),
            (true, false) => (Risk::Medium, "any page may call and read the answers"),
            (false, _) if new.is_empty() => (
                Risk::Medium,
                "the proxy does not answer browsers any more: pages of other origins depend on the service for that",
            ),
            (false, _) => (Risk::Medium, "pages of other origins may call, or may not any more"),
        };
        let what = format!("pages of other origins: {}", words::differing(&old, &new, "nothing"));
        found.push(
            Finding::new(&CLASS, risk, change, after.field(before, "corsPolicy"), what)
                .of(after.told())
                .effect(effect)
                .safe("name each origin, and send credentials to those alone that need them")
                .values(Some(old.join(", ")), Some(new.join(", "))),
        );
    }
}
