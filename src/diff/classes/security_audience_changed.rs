use super::Class;
use crate::diff::view::tokens;
use crate::diff::{Comparison, Finding};
use crate::value::Risk;
use std::collections::BTreeSet;

pub(super) static CLASS: Class = Class { name: "security.audience_changed", find };

/// Where no audience is said, tokens for anybody are taken.
fn find(comparison: &Comparison<'_>, found: &mut Vec<Finding>) {
    for step in tokens::steps(comparison) {
        let (Some(old), Some(new)) = (step.old, step.new) else { continue };
        let set = |at: crate::diff::view::At<'_>| -> BTreeSet<String> {
            at.key("audiences").texts().into_iter().map(str::to_owned).collect()
        };
        let (before, after) = (set(old), set(new));
        if before == after {
            continue;
        }
        let is_wider = after.is_empty() || (!before.is_empty() && !after.is_subset(&before));
        let effect = match () {
            () if after.is_empty() => "tokens that the issuer made for any other service are taken too",
            () if is_wider => "tokens that the issuer made for others are taken",
            () => "tokens for other audiences are refused with 403",
        };
        let all = |of: &BTreeSet<String>| {
            if of.is_empty() { "anybody".to_owned() } else { of.iter().cloned().collect::<Vec<_>>().join(", ") }
        };
        let (before, after) = (all(&before), all(&after));
        let what = format!("tokens of {}: for {before} -> for {after}", step.issuer());
        found.push(
            Finding::new(&CLASS, Risk::High, step.change, format!("{}/audiences", step.pointer), what)
                .effect(effect)
                .safe("name the audience of this service, and let clients ask for it first")
                .values(Some(before), Some(after)),
        );
    }
}
