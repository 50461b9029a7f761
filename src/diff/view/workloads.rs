//! Pods, as the objects that make them say it: their labels, their identity, and what they are named by.

use super::mtls::{Labels, labels, selects};
use super::{At, names, subsets};
use crate::diff::{Object, Side};
use std::collections::BTreeSet;

/// Kinds that make pods, with their groups, and `WorkloadEntry`, which stands for one.
const KINDS: [(&str, &str); 6] = [
    ("apps", "Deployment"),
    ("apps", "StatefulSet"),
    ("apps", "DaemonSet"),
    ("batch", "Job"),
    ("batch", "CronJob"),
    ("networking.istio.io", "WorkloadEntry"),
];

/// Whether an object makes pods.
pub(in crate::diff) fn makes_pods(object: &Object) -> bool {
    KINDS.iter().any(|(group, kind)| object.id.group == *group && object.id.kind == *kind)
}

/// What an object says of its pods, and where that stands.
pub(in crate::diff) fn template(object: &Object) -> (At<'_>, &'static str) {
    match object.id.kind.as_str() {
        "WorkloadEntry" => (At::of(Some(&*object.body)), ""),
        "CronJob" => (At::spec(object).get("jobTemplate.spec.template"), "/spec/jobTemplate/spec/template"),
        _ => (At::spec(object).key("template"), "/spec/template"),
    }
}

/// As people say it: `the pods of Deployment/prod/web`.
pub(in crate::diff) fn told(object: &Object) -> String {
    match object.id.kind.as_str() {
        "WorkloadEntry" => object.id.to_string(),
        "WorkloadGroup" => format!("the machines of {}", object.id),
        _ => format!("the pods of {}", object.id),
    }
}

/// The same with its verb.
pub(in crate::diff) fn told_to_be(object: &Object) -> String {
    format!("{} {}", told(object), if object.id.kind == "WorkloadEntry" { "is" } else { "are" })
}

/// The labels of the pods of an object.
pub(in crate::diff) fn labels_of(object: &Object) -> Labels {
    let (template, _) = template(object);
    let own = labels(template.get("metadata.labels"));
    if object.id.kind == "WorkloadEntry" {
        return labels(template.get("spec.labels"));
    }
    own
}

/// The service account of the pods of an object, and where that stands.
pub(in crate::diff) fn account(object: &Object) -> (&str, String) {
    if object.id.kind == "WorkloadGroup" {
        let name = At::spec(object).get("template.serviceAccount").text();
        return (name.unwrap_or("default"), "/spec/template/serviceAccount".to_owned());
    }
    let (template, at) = template(object);
    let spec = template.key("spec");
    let said = ["serviceAccountName", "serviceAccount"].into_iter().find_map(|key| Some((key, spec.key(key).text()?)));
    let (key, name) = said.unwrap_or(("serviceAccountName", "default"));
    (name, format!("{at}/spec/{key}"))
}

/// The numbers of a port that pods of a namespace give a name; none where one of them has no such name, or there is no
/// pod. A port that is a number is that number in all of them.
pub(in crate::diff) fn numbers(
    side: &Side,
    namespace: &str,
    is_meant: impl Fn(&Labels) -> bool,
    port: &str,
) -> Option<BTreeSet<i64>> {
    if let Ok(number) = port.parse::<i64>() {
        return Some(BTreeSet::from([number]));
    }
    let of_pods = |object: &Object| {
        let containers = template(object).0.get("spec.containers").items();
        let mut ports = containers.flat_map(|at| at.key("ports").items().collect::<Vec<_>>());
        ports.find(|at| at.key("name").text() == Some(port)).and_then(|at| at.key("containerPort").whole())
    };
    let pods = of_namespace(side, namespace).filter(|object| is_meant(&labels_of(object)));
    pods.map(of_pods).collect::<Option<BTreeSet<i64>>>().filter(|all| !all.is_empty())
}

/// The objects of a side that make pods in a namespace.
pub(in crate::diff) fn of_namespace<'s>(side: &'s Side, namespace: &'s str) -> impl Iterator<Item = &'s Object> {
    let all = KINDS.into_iter().flat_map(|(group, kind)| side.of_kind(group, kind));
    all.filter(move |object| names::namespace(object) == namespace)
}

/// What leads to pods with these labels: services and subsets, as people name them.
pub(in crate::diff) fn led_to(side: &Side, namespace: &str, own: &Labels) -> BTreeSet<String> {
    let is_here = |object: &&Object| names::namespace(object) == namespace;
    let chooses = |selector: &Labels| !selector.is_empty() && selects(selector, own);
    let mut all = BTreeSet::new();
    let services = side.of_kind("", "Service").filter(is_here);
    let services: Vec<&Object> =
        services.filter(|service| chooses(&labels(At::spec(service).key("selector")))).collect();
    for service in &services {
        all.insert(format!("the service {}", service.id.name));
    }
    for entry in side.of_kind("networking.istio.io", "ServiceEntry").filter(is_here) {
        if chooses(&labels(At::spec(entry).get("workloadSelector.labels"))) {
            all.extend(super::entries::hosts(Some(entry)).into_iter().map(|host| format!("the host {host}")));
        }
    }
    for rule in side.of_kind("networking.istio.io", "DestinationRule") {
        let Some(host) = subsets::host(rule) else { continue };
        let is_of = |service: &&Object| names::service(&host) == Some((service.id.name.as_str(), namespace));
        if services.iter().any(is_of) {
            let subsets = subsets::of(Some(rule)).into_iter();
            let own = subsets.filter(|(_, (_, at))| selects(&labels(at.key("labels")), own));
            all.extend(own.map(|(name, _)| format!("subset \"{name}\" of {}", names::short(&host))));
        }
    }
    all
}

/// Where kinds say which pods they hold for.
const RULES: [(&str, &str, &str); 7] = [
    ("security.istio.io", "AuthorizationPolicy", "selector.matchLabels"),
    ("security.istio.io", "PeerAuthentication", "selector.matchLabels"),
    ("security.istio.io", "RequestAuthentication", "selector.matchLabels"),
    ("networking.istio.io", "Sidecar", "workloadSelector.labels"),
    ("networking.istio.io", "EnvoyFilter", "workloadSelector.labels"),
    ("networking.istio.io", "Gateway", "selector"),
    ("networking.k8s.io", "NetworkPolicy", "podSelector.matchLabels"),
];

/// The rules that hold for pods with these labels because of their labels.
pub(in crate::diff) fn ruled_by(side: &Side, namespace: &str, own: &Labels) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    for (group, kind, path) in RULES {
        for object in side.of_kind(group, kind) {
            let is_near = names::namespace(object) == namespace || object.is_in_root || kind == "Gateway";
            let selector = labels(At::spec(object).get(path));
            if is_near && !selector.is_empty() && selects(&selector, own) {
                all.insert(object.id.to_string());
            }
        }
    }
    all
}
