use super::Class;
use crate::diff::view::At;
use crate::diff::{Change, Comparison, Finding, Object};
use crate::value::Risk;

pub(super) static CLASS: Class = Class { name: "namespace.injection_changed", find };

/// Labels of a namespace by which its pods get a proxy, or join the mesh without one.
const OF_NAMESPACE: [&str; 7] = [
    "istio-injection",
    "istio.io/rev",
    "istio.io/dataplane-mode",
    "istio.io/use-waypoint",
    "istio.io/use-waypoint-namespace",
    "istio.io/ingress-use-waypoint",
    "topology.istio.io/network",
];
/// What decides the same for the pods of a workload.
const OF_PODS: [&str; 3] = ["sidecar.istio.io/inject", "istio.io/rev", "istio.io/dataplane-mode"];
/// Kinds that make pods.
const WORKLOADS: [&str; 5] = ["Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob"];

fn find(comparison: &Comparison<'_>, found: &mut Vec<Finding>) {
    for change in &comparison.changes {
        let kind = change.id.kind.as_str();
        if kind == "Namespace" && change.id.group.is_empty() {
            of_namespace(change, found);
        } else if WORKLOADS.contains(&kind) {
            of_pods(change, found);
        }
    }
}

fn of_namespace(change: &Change<'_>, found: &mut Vec<Finding>) {
    let (Some(old), Some(new)) = (change.before, change.after) else { return };
    let is_security = |key: &str| key.starts_with("pod-security.kubernetes.io/enforce");
    let keys = |object: &Object| -> Vec<String> {
        let labels = At::of(object.body.path("metadata.labels")).entries().iter();
        labels
            .map(|entry| entry.key.to_string())
            .filter(|key| OF_NAMESPACE.contains(&key.as_str()) || is_security(key))
            .collect()
    };
    let mut all = keys(old);
    all.extend(keys(new));
    all.sort();
    all.dedup();
    found.extend(of_proxies(change, old, new));
    for key in all.into_iter().filter(|key| !["istio-injection", "istio.io/rev"].contains(&key.as_str())) {
        let (before, after) = (old.label(&key), new.label(&key));
        if before == after {
            continue;
        }
        let effect = match (key.as_str(), after) {
            (security, _) if is_security(security) => {
                "pods that do not meet it are refused when they start, or others may start now"
            }
            ("istio.io/dataplane-mode", Some("ambient")) => "pods are led through ztunnel at once, without restart",
            ("istio.io/dataplane-mode", _) => {
                "pods are not led through ztunnel any more: no mutual TLS, no access rules for them"
            }
            ("istio.io/use-waypoint", None | Some("none")) => {
                "calls do not pass the waypoint any more: its routes and its rules about requests do not hold for them"
            }
            _ => "calls take another way through the mesh",
        };
        let pointer = format!("/metadata/labels/{}", key.replace('/', "~1"));
        found.push(
            Finding::new(
                &CLASS,
                Risk::Critical,
                change,
                pointer,
                format!("{key} of namespace {}: {} -> {}", change.id.name, told(before), told(after)),
            )
            .effect(effect)
            .safe(SAFE)
            .values(Some(told(before)), Some(told(after))),
        );
    }
}

/// By which control plane pods get a proxy.
fn of_proxies(change: &Change<'_>, old: &Object, new: &Object) -> Option<Finding> {
    const KEYS: [&str; 2] = ["istio-injection", "istio.io/rev"];
    let (was, is) = (proxy(old), proxy(new));
    if was == is {
        return None;
    }
    let key = KEYS.into_iter().find(|key| old.label(key) != new.label(key));
    let labels = |object: &Object| {
        let said = |key: &str| object.label(key).map(|value| format!("{key}={value}"));
        let all: Vec<String> = KEYS.into_iter().filter_map(said).collect();
        if all.is_empty() { "no label of injection".to_owned() } else { all.join(", ") }
    };
    let effect = match (was.is_some(), is.is_some()) {
        (_, false) => LOSE,
        (false, true) => "pods get a proxy, each at its next restart: silent until then",
        (true, true) => {
            "pods get the proxy of another control plane, each at its next restart: where none of that name runs, none at all"
        }
    };
    let what = format!("namespace {}: {} -> {}", change.id.name, labels(old), labels(new));
    let pointer = format!("/metadata/labels/{}", key.unwrap_or_default().replace('/', "~1"));
    let finding = Finding::new(&CLASS, Risk::Critical, change, pointer, what).effect(effect).safe(SAFE);
    Some(finding.values(Some(told(was)), Some(told(is))))
}

fn told(value: Option<&str>) -> String {
    value.unwrap_or("none").to_owned()
}

const LOSE: &str =
    "pods lose their proxy, each at its next restart: no mutual TLS, no access rules, no routes for them";
const SAFE: &str =
    "restart one workload at a time after it, and look at each; PERMISSIVE mutual TLS until all have restarted";

/// By which control plane the pods of a namespace get a proxy: `istio-injection` wins over `istio.io/rev`.
fn proxy(namespace: &Object) -> Option<&str> {
    match namespace.label("istio-injection") {
        Some("enabled") => Some("default"),
        Some(_) => None,
        None => namespace.label("istio.io/rev"),
    }
}

fn of_pods(change: &Change<'_>, found: &mut Vec<Finding>) {
    let (Some(old), Some(new)) = (change.before, change.after) else { return };
    for part in ["labels", "annotations"] {
        for key in OF_PODS {
            let said = |object: &Object| {
                ["spec.template.metadata", "spec.jobTemplate.spec.template.metadata"]
                    .into_iter()
                    .find_map(|path| At::of(object.body.path(path)).key(part).key(key).word())
            };
            let (before, after) = (said(old), said(new));
            if before == after {
                continue;
            }
            let told = |value: &Option<String>| value.clone().unwrap_or_else(|| "none".to_owned());
            let pointer = format!("/spec/template/metadata/{part}/{}", key.replace('/', "~1"));
            let what = format!("{key} of the pods of {}: {} -> {}", change.id, told(&before), told(&after));
            found.push(
                Finding::new(&CLASS, Risk::Critical, change, pointer, what)
                    .effect("the pods join or leave the mesh with their next rollout: mutual TLS, access rules and routes begin or end for them")
                    .safe("PERMISSIVE mutual TLS until the rollout is done")
                    .values(before, after),
            );
        }
    }
}
