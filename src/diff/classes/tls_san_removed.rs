use super::Class;
use crate::diff::view::tls;
use crate::diff::{Comparison, Finding};
use crate::value::Risk;

pub(super) static CLASS: Class = Class { name: "tls.san_removed", find };

fn find(comparison: &Comparison<'_>, found: &mut Vec<Finding>) {
    for step in tls::steps(comparison) {
        let (old, new) = (&step.old, &step.new);
        if old.names == new.names || old.mode != new.mode {
            continue;
        }
        let is_narrower = !old.names.is_empty() || new.names.is_empty();
        let is_only_fewer = !new.names.is_empty() && new.names.is_subset(&old.names);
        let all = |of: &std::collections::BTreeSet<String>| {
            let all: Vec<&str> = of.iter().map(String::as_str).collect();
            if all.is_empty() { "any name".to_owned() } else { all.join(", ") }
        };
        let (before, after) = (all(&old.names), all(&new.names));
        let (risk, effect) = match () {
            () if new.names.is_empty() => (Risk::High, "a certificate for any name is taken"),
            () if is_narrower && !is_only_fewer => (Risk::High, "certificates with other names are taken"),
            () => (Risk::Medium, "certificates with any other name are refused"),
        };
        found.push(
            step.finding(&CLASS, risk, "subjectAltNames", &format!("names in certificates {before} -> {after}"))
                .effect(effect)
                .safe("keep the names that the other end really shows")
                .values(Some(before), Some(after)),
        );
    }
}
