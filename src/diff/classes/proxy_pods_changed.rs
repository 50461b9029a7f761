use super::Class;
use crate::diff::settings::{GROUP, POD_PATCH};
use crate::diff::view::{At, workloads};
use crate::diff::{Change, Comparison, Finding, Object, Operation};
use crate::value::Risk;
use crate::verbatim::Node;
use std::collections::BTreeSet;

pub(super) static CLASS: Class = Class { name: "proxy.pods_changed", find };

/// What of a patch decides over which traffic a proxy has, or whom it believes.
const RISKY: [(&str, &str); 4] = [
    ("traffic.sidecar.istio.io/", "other traffic goes past the proxy, where no mutual TLS and no rule of access holds"),
    ("sidecar.istio.io/inject", "pods have a proxy, or have none any more"),
    ("numTrustedProxies", "whose word for a client's address is believed changes"),
    ("gatewayTopology", "whose word for a client's address is believed changes"),
];

fn find(comparison: &Comparison<'_>, found: &mut Vec<Finding>) {
    for change in &comparison.changes {
        if change.after.is_some_and(workloads::makes_pods) {
            found.extend(of_workload(change));
        }
    }
    found.extend(comparison.of_kind("networking.istio.io", "ProxyConfig").filter_map(of_config));
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

/// What decides the same, and is told by another class.
const OF_INJECTION: [&str; 3] = ["sidecar.istio.io/inject", "istio.io/rev", "istio.io/dataplane-mode"];

/// What the pods of a workload say of their proxies in annotations.
fn of_workload(change: &Change<'_>) -> Vec<Finding> {
    let (Some(old), Some(new)) = (change.before, change.after) else { return Vec::new() };
    let (template, place) = workloads::template(new);
    let (old, new) = (workloads::template(old).0.get("metadata.annotations"), template.get("metadata.annotations"));
    let keys: BTreeSet<&str> = old.entries().iter().chain(new.entries()).map(|entry| entry.key.as_str()).collect();
    let is_of_proxy = |key: &&str| key.contains("istio.io/") && !OF_INJECTION.contains(key);
    let mut found = Vec::new();
    for key in keys.into_iter().filter(is_of_proxy) {
        let (before, after) = (old.key(key).word(), new.key(key).word());
        if before == after {
            continue;
        }
        let told = |value: &Option<String>| value.clone().unwrap_or_else(|| "unsaid".to_owned());
        let what = format!("{key} of the pods of {}: {} -> {}", change.id, told(&before), told(&after));
        let known = RISKY.iter().find(|(part, _)| key.contains(part) || told(&after).contains(part));
        let (risk, effect) =
            known.map_or((Risk::Medium, "their proxies run in another way"), |(_, effect)| (Risk::High, *effect));
        let pointer = format!("{place}/metadata/annotations/{}", key.replace('/', "~1"));
        found.push(
            Finding::new(&CLASS, risk, change, pointer, what)
                .effect(effect)
                .safe("it holds once pods have restarted: a few at a time")
                .values(before, after),
        );
    }
    found
}

/// What `ProxyConfigs` say of the proxies of pods that start from now on.
fn of_config(change: &Change<'_>) -> Option<Finding> {
    let said = |object: Option<&Object>| {
        let spec = At::spec_of(object);
        let entries = spec.entries().iter().filter(|entry| entry.key != "selector");
        let all: Vec<String> =
            entries.map(|entry| format!("{} {}", entry.key, At::of(Some(&entry.node)).canonical())).collect();
        if all.is_empty() { "as the mesh says".to_owned() } else { all.join(", ") }
    };
    let (before, after) = (said(change.before), said(change.after));
    if before == after {
        return None;
    }
    let finding = Finding::new(&CLASS, Risk::Medium, change, "/spec", format!("proxies: {before} -> {after}"));
    let finding = finding.effect("the proxies of pods that start from now on run in another way");
    Some(finding.safe("restart pods a few at a time").values(Some(before), Some(after)))
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
