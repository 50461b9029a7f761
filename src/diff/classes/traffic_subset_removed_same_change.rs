use super::Class;
use crate::diff::view::{names, subsets, words};
use crate::diff::{Comparison, Finding, Pointer, Which};
use crate::value::Risk;

pub(super) static CLASS: Class = Class { name: "traffic.subset_removed_same_change", find };

/// Istio tells proxies of routes and of subsets one after the other, in no order that one could rely on.
fn find(comparison: &Comparison<'_>, found: &mut Vec<Finding>) {
    for gone in subsets::gone(comparison) {
        if !comparison.users(Which::After, &gone.host, gone.name).is_empty() {
            continue;
        }
        let users = comparison.users(Which::Before, &gone.host, gone.name);
        let Some(user) = users.iter().max_by(|one, other| one.share.total_cmp(&other.share)) else { continue };
        let what = format!(
            "subset \"{}\" of {} goes together with the routes to it: {} {} sends {} there until then",
            gone.name,
            names::short(&gone.host),
            user.object.id,
            user.route,
            words::percent(user.share),
        );
        found.push(
            Finding::new(&CLASS, Risk::High, gone.change, Pointer::on(Which::Before, &gone.pointer), what)
                .effect("a proxy that learns of the subset first answers 503 until it learns of the routes")
                .safe("two steps: the routes first; a release later the subset"),
        );
    }
}
