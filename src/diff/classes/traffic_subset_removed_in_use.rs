use super::Class;
use crate::diff::view::{names, subsets, words};
use crate::diff::{Comparison, Finding, Pointer, Which};
use crate::value::Risk;

pub(super) static CLASS: Class = Class { name: "traffic.subset_removed_in_use", find };

/// Istio: a route to a subset that no `DestinationRule` of its host defines has no cluster, and every request of it meets
/// 503.
fn find(comparison: &Comparison<'_>, found: &mut Vec<Finding>) {
    for gone in subsets::gone(comparison) {
        for user in comparison.users(Which::After, &gone.host, gone.name) {
            let what = format!(
                "subset \"{}\" of {} is removed, but {} {} still sends {} to it",
                gone.name,
                names::short(&gone.host),
                user.object.id,
                user.route,
                words::percent(user.share),
            );
            found.push(
                Finding::new(&CLASS, Risk::Critical, gone.change, Pointer::on(Which::Before, &gone.pointer), what)
                    .effect("those requests fail with 503")
                    .safe("lead the requests elsewhere first, and remove the subset a release later"),
            );
        }
    }
}
