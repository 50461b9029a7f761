use super::Class;
use crate::diff::view::{At, opaque};
use crate::diff::{Comparison, Finding, Operation};
use crate::value::Risk;

pub(super) static CLASS: Class = Class { name: "opaque.wasm", find };

fn find(comparison: &Comparison<'_>, found: &mut Vec<Finding>) {
    for kind in ["WasmPlugin", "TrafficExtension"] {
        for change in comparison.of_kind("extensions.istio.io", kind) {
            let what = match change.operation() {
                Operation::Add => "a plugin comes into the proxies".to_owned(),
                Operation::Change => {
                    let fields = opaque::fields(change, is_default);
                    if fields.is_empty() {
                        continue;
                    }
                    format!("a plugin of the proxies changes: {}", opaque::told(&fields))
                }
                Operation::Delete => "a plugin of the proxies goes".to_owned(),
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

/// Whether a field says what holds where nothing is said.
/// <https://istio.io/latest/docs/reference/config/proxy_extensions/wasm-plugin/#WasmPlugin>
fn is_default(key: &str, said: Option<&str>) -> bool {
    let unsaid = match key.rsplit('.').next().unwrap_or(key) {
        "failStrategy" => "FAIL_CLOSE",
        "phase" => "UNSPECIFIED_PHASE",
        "imagePullPolicy" => "UNSPECIFIED_POLICY",
        "type" => "HTTP",
        "priority" => "0",
        _ => return false,
    };
    said.is_none_or(|said| said == unsaid)
}
