use super::Class;
use crate::diff::view::At;
use crate::diff::{Comparison, Finding, Operation};
use crate::value::Risk;

pub(super) static CLASS: Class = Class { name: "opaque.envoyfilter", find };

fn find(comparison: &Comparison<'_>, found: &mut Vec<Finding>) {
    for change in comparison.of_kind("networking.istio.io", "EnvoyFilter") {
        let spec = |object| At::spec_of(object).canonical();
        let what = match change.operation() {
            Operation::Change if spec(change.before) == spec(change.after) => continue,
            Operation::Add => "a filter of Envoy comes",
            Operation::Change => "a filter of Envoy changes",
            Operation::Delete => "a filter of Envoy goes",
        };
        found.push(
            Finding::new(&CLASS, Risk::High, change, "/spec", what)
                .effect("nothing is known of what it does: Envoy takes it as it stands")
                .safe("try it on one workload first, by a workloadSelector"),
        );
    }
}
