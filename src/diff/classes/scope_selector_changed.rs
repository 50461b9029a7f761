use super::Class;
use crate::diff::view::{At, mtls, names};
use crate::diff::{Comparison, Finding, Object};
use crate::value::Risk;

pub(super) static CLASS: Class = Class { name: "scope.selector_changed", find };

/// Where kinds of Istio say which pods they hold for.
const SELECTORS: [(&str, &str); 11] = [
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
    ("ServiceEntry", "workloadSelector.labels"),
];

fn find(comparison: &Comparison<'_>, found: &mut Vec<Finding>) {
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
            (false, false) => "what it held for is without it, and other pods get it".to_owned(),
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

fn targets(object: &Object) -> String {
    At::spec(object).key("targetRefs").canonical() + &At::spec(object).key("targetRef").canonical()
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
