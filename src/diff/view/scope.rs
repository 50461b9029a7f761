//! What proxies know of the mesh, as Sidecars say it.

use super::{At, mtls, names, texts};
use crate::diff::{Change, Comparison, Object, Operation, Side};
use std::collections::BTreeSet;

/// Pods whose proxies know something else than before.
#[derive(Debug)]
pub(in crate::diff) struct Step<'c, 's> {
    /// The change.
    pub(in crate::diff) change: &'c Change<'s>,
    /// The pods, as people say it.
    pub(in crate::diff) of: String,
    /// What they know now and did not.
    pub(in crate::diff) more: Vec<String>,
    /// What they knew and do not any more.
    pub(in crate::diff) less: Vec<String>,
    /// Whether they might dial what they do not know.
    pub(in crate::diff) was_open: bool,
    /// Whether they may.
    pub(in crate::diff) is_open: bool,
}

fn pods(sidecar: &Object) -> (&str, mtls::Labels) {
    (names::namespace(sidecar), mtls::labels(At::spec(sidecar).get("workloadSelector.labels")))
}

/// The hosts that a Sidecar lists, its own namespace by name; no list: all.
fn hosts(sidecar: Option<&Object>) -> BTreeSet<String> {
    let all = || BTreeSet::from(["*/*".to_owned()]);
    let Some(sidecar) = sidecar else { return all() };
    let own = names::namespace(sidecar);
    let egress = At::spec(sidecar).key("egress");
    if egress.items().next().is_none() {
        return all();
    }
    let listed = egress.items().flat_map(|at| {
        let port = at.get("port.number").word().map(|port| format!(" port {port}")).unwrap_or_default();
        // `~/*` is how a Sidecar says that it knows nothing.
        let hosts = at.key("hosts").texts().into_iter().filter(|host| !host.starts_with("~/"));
        hosts.map(move |host| {
            let host = host.strip_prefix("./").map_or_else(|| host.to_owned(), |rest| format!("{own}/{rest}"));
            format!("{host}{port}")
        })
    });
    // `~/*` knows nobody.
    listed.filter(|host: &String| !host.starts_with("~/")).collect()
}

/// Whether one entry knows all that another does.
fn covers(wide: &str, own: &str) -> bool {
    let (Some((of, pattern)), Some((namespace, host))) = (wide.split_once('/'), own.split_once('/')) else {
        return wide == own;
    };
    (of == "*" || of == namespace) && names::covers(pattern, host)
}

/// Whether pods may dial what they do not know.
fn is_open(sidecar: Option<&Object>, side: &Side) -> bool {
    let mode = At::spec_of(sidecar).get("outboundTrafficPolicy.mode").text();
    mode.map_or_else(|| !is_mesh_closed(side), |mode| mode != "REGISTRY_ONLY")
}

/// Whether the mesh as a whole closes what is not known.
pub(in crate::diff) fn is_mesh_closed(side: &Side) -> bool {
    let operators = side.objects().filter(|object| object.id.kind == "IstioOperator" || object.id.kind == "Istio");
    let mut modes = operators.filter_map(|object| {
        let spec = At::spec(object);
        ["meshConfig.outboundTrafficPolicy.mode", "values.meshConfig.outboundTrafficPolicy.mode"]
            .into_iter()
            .find_map(|path| spec.get(path).text())
    });
    let maps = || side.of_kind("", "ConfigMap").filter(|map| map.id.name.starts_with("istio"));
    let is_in_map = || {
        let mut texts = maps().filter_map(|map| At::of(map.body.path("data")).key("mesh").text());
        texts.any(|text| texts::said(text, "outboundTrafficPolicy.mode").is_some_and(|mode| mode == "REGISTRY_ONLY"))
    };
    modes.any(|mode| mode == "REGISTRY_ONLY") || is_in_map()
}

/// Every difference in what proxies know.
pub(in crate::diff) fn steps<'c, 's>(comparison: &'c Comparison<'s>) -> Vec<Step<'c, 's>> {
    let all = || comparison.of_kind("networking.istio.io", "Sidecar");
    let mut steps = Vec::new();
    for change in all() {
        let is_renamed = |other: &Change<'_>| {
            let (own, its) = (change.after.or(change.before), other.after.or(other.before));
            other.operation() != change.operation() && own.map(pods) == its.map(pods) && other.id != change.id
        };
        let twin = all().find(|other| {
            is_renamed(other) && change.operation() != Operation::Change && other.operation() != Operation::Change
        });
        if twin.is_some() && change.operation() == Operation::Delete {
            continue;
        }
        let before = change.before.or(twin.and_then(|twin| twin.before));
        let (old, new) = (hosts(before), hosts(change.after));
        let without = |these: &BTreeSet<String>, those: &BTreeSet<String>| -> Vec<String> {
            these.iter().filter(|own| !those.iter().any(|wide| covers(wide, own))).cloned().collect()
        };
        let (more, less) = (without(&new, &old), without(&old, &new));
        let (was_open, is_open) = (is_open(before, comparison.before), is_open(change.after, comparison.after));
        if more.is_empty() && less.is_empty() && was_open == is_open {
            continue;
        }
        let Some(object) = change.after.or(change.before) else { continue };
        let (namespace, labels) = pods(object);
        let scope = mtls::Scope { namespace: (!object.is_in_root).then(|| namespace.to_owned()), labels, port: None };
        let of = if scope.labels.is_empty() { format!("pods of {}", scope.told()) } else { scope.told() };
        steps.push(Step { change, of, more, less, was_open, is_open });
    }
    steps
}
