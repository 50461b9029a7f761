use super::Class;
use crate::diff::view::At;
use crate::diff::{Comparison, Finding, Operation};
use crate::value::Risk;

pub(super) static CLASS: Class = Class { name: "opaque.wasm", find };

fn find(comparison: &Comparison<'_>, found: &mut Vec<Finding>) {
    for kind in ["WasmPlugin", "TrafficExtension"] {
        for change in comparison.of_kind("extensions.istio.io", kind) {
            let spec = |object| At::spec_of(object).canonical();
            if change.operation() == Operation::Change && spec(change.before) == spec(change.after) {
                continue;
            }
            let what = match change.operation() {
                Operation::Add => "a plugin comes into the proxies",
                Operation::Change => "a plugin of the proxies changes",
                Operation::Delete => "a plugin of the proxies goes",
            };
            let at = At::spec_of(change.after);
            let is_open = at.key("failStrategy").text().or(at.get("wasm.failStrategy").text()) == Some("FAIL_OPEN");
            let effect = if is_open {
                "nothing is known of what it does; where it cannot be loaded, requests pass without it"
            } else {
                "nothing is known of what it does; where it cannot be loaded, every request fails"
            };
            found.push(
                Finding::new(&CLASS, Risk::High, change, "/spec", what)
                    .effect(effect)
                    .safe("try it on one workload first, by a selector, and name its sha256"),
            );
        }
    }
}
