use super::Class;
use crate::diff::view::words::targets;
use crate::diff::view::{At, mtls, names, workloads};
use crate::diff::{Change, Comparison, Finding, Object};
use crate::value::Risk;
use std::collections::BTreeSet;

pub(super) static CLASS: Class = Class { name: "scope.selector_changed", find };

/// Where kinds of Istio say which pods they hold for.
const SELECTORS: [(&str, &str); 10] = [
    ("AuthorizationPolicy", "selector.matchLabels"),
    ("PeerAuthentication", "selector.matchLabels"),
    ("RequestAuthentication", "selector.matchLabels"),
    ("Telemetry", "selector.matchLabels"),
    ("WasmPlugin", "selector.matchLabels"),
    ("TrafficExtension", "selector.matchLabels"),
    ("ProxyConfig", "selector.matchLabels"),
    ("EnvoyFilter", "workloadSelector.labels"),
    ("Sidecar", "workloadSelector.labels"),
    ("DestinationRule", "workloadSelector.matchLabels"),
];

fn find(comparison: &Comparison<'_>, found: &mut Vec<Finding>) {
    for change in &comparison.changes {
        found.extend(of_pods(comparison, change));
    }
    for change in comparison.changes.iter().filter(|change| change.id.group.ends_with("istio.io")) {
        let (Some(old), Some(new)) = (change.before, change.after) else { continue };
        let Some((kind, path)) = SELECTORS.iter().find(|(kind, _)| *kind == change.id.kind) else { continue };
        let (before, after) = (told(old, path), told(new, path));
        if before == after {
            continue;
        }
        let is_whole = mtls::labels(At::spec(new).get(path)).is_empty() && targets(new).is_empty();
        let is_mesh = is_whole && new.is_in_root;
        let pointer = format!("/spec/{}", path.split('.').next().unwrap_or(path));
        let effect = match (is_mesh, is_whole) {
            (true, _) => "it holds for every pod of the mesh from now on".to_owned(),
            (false, true) => format!("it holds for every pod of namespace {} from now on", names::namespace(new)),
            (false, false) if targets(old) != targets(new) => {
                "what it held for is without it, and others get it".to_owned()
            }
            (false, false) => moved(&mtls::labels(At::spec(old).get(path)), &mtls::labels(At::spec(new).get(path))),
        };
        found.push(
            Finding::new(
                &CLASS,
                if is_mesh { Risk::Critical } else { Risk::High },
                change,
                pointer,
                format!("{kind} holds for {after} instead of {before}"),
            )
            .effect(effect)
            .safe("add a second one for the new pods, then remove the first")
            .values(Some(before), Some(after)),
        );
    }
}

/// Pods that have other labels than those by which rules find them.
fn of_pods(comparison: &Comparison<'_>, change: &Change<'_>) -> Option<Finding> {
    let (Some(old), Some(new)) = (change.before, change.after) else { return None };
    if !workloads::makes_pods(new) {
        return None;
    }
    let (was, is) = (workloads::labels_of(old), workloads::labels_of(new));
    let ruled = |labels| workloads::ruled_by(comparison.after, names::namespace(new), labels);
    let (before, after) = (ruled(&was), ruled(&is));
    let list =
        |of: &BTreeSet<String>, other: &BTreeSet<String>| of.difference(other).cloned().collect::<Vec<_>>().join(", ");
    let (gone, come) = (list(&before, &after), list(&after, &before));
    let what = match (gone.is_empty(), come.is_empty()) {
        (true, true) => return None,
        (false, true) => format!("{gone} do not hold for {} any more", workloads::told(new)),
        (true, false) => format!("{come} hold for {}", workloads::told(new)),
        (false, false) => format!("{come} hold for {} instead of {gone}", workloads::told(new)),
    };
    let pointer = format!("{}/metadata/labels", workloads::template(new).1);
    let finding = Finding::new(&CLASS, Risk::High, change, pointer, what);
    Some(
        finding
            .effect(
                "it is their labels that rules find them by: who may call them, and how, changes with the next rollout",
            )
            .safe("let the rules name both labels until the rollout is done"),
    )
}

/// Which pods it holds for no more, and for which it does now.
fn moved(old: &mtls::Labels, new: &mtls::Labels) -> String {
    let more = |these: &mtls::Labels, those: &mtls::Labels| {
        let lone: Vec<String> = these
            .iter()
            .filter(|(key, value)| those.get(*key) != Some(value))
            .map(|(key, value)| format!("{key}={value}"))
            .collect();
        lone.join(",")
    };
    match (mtls::selects(old, new), mtls::selects(new, old)) {
        (true, _) => format!("those that have no {} are without it", more(new, old)),
        (false, true) => format!("it holds for those that have no {} too", more(old, new)),
        (false, false) => "what it held for is without it, and other pods get it".to_owned(),
    }
}

fn told(object: &Object, path: &str) -> String {
    let labels: Vec<String> =
        mtls::labels(At::spec(object).get(path)).iter().map(|(key, value)| format!("{key}={value}")).collect();
    let targets = targets(object);
    match (labels.is_empty(), targets.is_empty()) {
        (false, _) => format!("pods {}", labels.join(",")),
        (true, false) => targets,
        (true, true) => "all pods".to_owned(),
    }
}
