use super::Class;
use crate::diff::settings::{GROUP, POD_PATCH};
use crate::diff::view::At;
use crate::diff::{Change, Comparison, Finding, Operation};
use crate::value::Risk;
use crate::verbatim::Node;

pub(super) static CLASS: Class = Class { name: "proxy.pods_changed", find };

/// What of a patch decides over which traffic a proxy has, or whom it believes.
const RISKY: [(&str, &str); 4] = [
    ("traffic.sidecar.istio.io/", "other traffic goes past the proxy, where no mutual TLS and no rule of access holds"),
    ("sidecar.istio.io/inject", "pods have a proxy, or have none any more"),
    ("numTrustedProxies", "whose word for a client's address is believed changes"),
    ("gatewayTopology", "whose word for a client's address is believed changes"),
];

fn find(comparison: &Comparison<'_>, found: &mut Vec<Finding>) {
    for change in comparison.of_kind(GROUP, POD_PATCH) {
        match change.operation() {
            Operation::Change => {
                let told = change.fields.iter().map(|field| of(change, &field.pointer, [field.before, field.after]));
                found.extend(told);
            }
            Operation::Add => found.push(of(change, "", [None, change.after.map(|object| &*object.body)])),
            Operation::Delete => found.push(of(change, "", [change.before.map(|object| &*object.body), None])),
        }
    }
}

fn of(change: &Change<'_>, pointer: &str, sides: [Option<&Node>; 2]) -> Finding {
    let said = sides.map(|node| node.map(|node| At::of(Some(node)).canonical()));
    let key = pointer.replace("~1", "/");
    let is_about = |part: &str| key.contains(part) || said.iter().flatten().any(|text| text.contains(part));
    let known = RISKY.iter().find(|(part, _)| is_about(part));
    let (risk, effect) =
        known.map_or((Risk::Medium, "their proxies run in another way"), |(_, effect)| (Risk::High, *effect));
    let pods = format!("{}/{}", change.id.namespace.as_deref().unwrap_or_default(), change.id.name);
    let what = match change.operation() {
        Operation::Add => format!("what the pods of {pods} must say is new"),
        Operation::Change => format!("what the pods of {pods} must say changes"),
        Operation::Delete => format!("the pods of {pods} need say nothing any more"),
    };
    let [before, after] = if pointer.is_empty() { [None, None] } else { said };
    Finding::new(&CLASS, risk, change, pointer, what)
        .effect(effect)
        .safe("it holds once their owner has patched them and they were restarted, a few at a time")
        .values(before, after)
}
