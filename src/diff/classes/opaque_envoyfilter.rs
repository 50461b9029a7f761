use super::Class;
use crate::diff::view::{At, mtls, names, opaque, words};
use crate::diff::{Comparison, Finding, Object, Operation};
use crate::value::Risk;

pub(super) static CLASS: Class = Class { name: "opaque.envoyfilter", find };

fn find(comparison: &Comparison<'_>, found: &mut Vec<Finding>) {
    for change in comparison.of_kind("networking.istio.io", "EnvoyFilter") {
        let spec = |object| At::spec_of(object).canonical();
        let of = pods(change.after.or(change.before));
        let what = match change.operation() {
            Operation::Change if spec(change.before) == spec(change.after) => continue,
            // For which pods is told as that.
            Operation::Change if opaque::is_of_scope(change) => continue,
            Operation::Add => format!("a filter of Envoy comes, for {of}"),
            Operation::Change => {
                let fields = opaque::fields(change, |_, _| false);
                let told = if fields.is_empty() { String::new() } else { format!(": {}", opaque::told(&fields)) };
                format!("a filter of Envoy changes, for {of}{told}")
            }
            Operation::Delete => format!("a filter of Envoy goes, for {of}"),
        };
        found.push(
            Finding::new(&CLASS, Risk::High, change, "/spec", what)
                .effect("nothing is known of what it does: Envoy takes it as it stands")
                .safe("try it on one workload first, by a workloadSelector"),
        );
    }
}

/// The pods whose proxies get it.
fn pods(filter: Option<&Object>) -> String {
    let Some(filter) = filter else { return String::new() };
    let namespace = (!filter.is_in_root).then(|| names::namespace(filter).to_owned());
    let targets = words::targets(filter);
    let labels = mtls::labels(At::spec(filter).get("workloadSelector.labels"));
    let scope = mtls::Scope { namespace, labels, port: None };
    if targets.is_empty() { scope.told() } else { targets }
}
