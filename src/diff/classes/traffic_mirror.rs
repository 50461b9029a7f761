use super::Class;
use crate::diff::view::routing::{Rule, mirrors};
use crate::diff::view::words;
use crate::diff::{Comparison, Finding};
use crate::value::Risk;

pub(super) static CLASS: Class = Class { name: "traffic.mirror", find };

fn find(comparison: &Comparison<'_>, found: &mut Vec<Finding>) {
    for (change, table) in comparison.routing() {
        let new = table.lone().1.map(|(_, rule)| (None, rule));
        let pairs = table.pairs().map(|(before, after)| (Some(before), after));
        for (before, after) in pairs.chain(new) {
            let (old, new) = (before.map(mirrors).unwrap_or_default(), mirrors(after));
            if old == new {
                continue;
            }
            let is_less = new.iter().all(|one| old.iter().any(|was| was.is_where(one) && was.share >= one.share));
            let key = if after.at.key("mirrors").is_there() { "mirrors" } else { "mirror" };
            let pointer = after.field(before.unwrap_or(after), key);
            let what = format!("{} -> {}", told(before), told(Some(after)));
            found.push(
                Finding::new(&CLASS, if is_less { Risk::Low } else { Risk::Medium }, change, pointer, what)
                    .of(after.told())
                    .effect(if is_less {
                        "fewer requests are copied"
                    } else {
                        "requests are sent twice: what they write, they write twice"
                    })
                    .safe(if is_less { "" } else { "see that what gets the copies writes nothing that lasts" })
                    .values(Some(told(before)), Some(told(Some(after)))),
            );
        }
    }
}

fn told(rule: Option<&Rule<'_>>) -> String {
    let all: Vec<String> = rule
        .map(mirrors)
        .unwrap_or_default()
        .iter()
        .map(|one| format!("{} copied to {}", words::percent(one.share), one.told()))
        .collect();
    if all.is_empty() { "no copies".to_owned() } else { all.join(", ") }
}
