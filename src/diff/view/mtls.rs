//! Mutual TLS as it holds: for a port of a workload, else the workload, its namespace, the mesh.

use super::{At, names};
use crate::diff::{Change, Comparison, Object, Side};
use std::collections::{BTreeMap, BTreeSet};

/// What callers must show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::diff) enum Mode {
    /// Plain text alone.
    Disable,
    /// Either.
    Permissive,
    /// A certificate of the mesh.
    Strict,
}

impl Mode {
    /// Its name in Istio.
    pub(in crate::diff) const fn name(self) -> &'static str {
        match self {
            Mode::Disable => "DISABLE",
            Mode::Permissive => "PERMISSIVE",
            Mode::Strict => "STRICT",
        }
    }
}

/// Labels that pods have.
pub(in crate::diff) type Labels = BTreeMap<String, String>;

/// What a rule holds for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::diff) struct Scope {
    /// A namespace; none: the mesh.
    pub(in crate::diff) namespace: Option<String>,
    /// Pods with these labels; none: all.
    pub(in crate::diff) labels: Labels,
    /// A port; none: all.
    pub(in crate::diff) port: Option<i64>,
}

impl Scope {
    /// As people say it.
    pub(in crate::diff) fn told(&self) -> String {
        let port = self.port.map(|port| format!(" port {port}")).unwrap_or_default();
        let labels: Vec<String> = self.labels.iter().map(|(key, value)| format!("{key}={value}")).collect();
        match (&self.namespace, labels.is_empty()) {
            (None, true) => "the whole mesh".to_owned(),
            (None, false) => format!("pods {} of any namespace{port}", labels.join(",")),
            (Some(namespace), true) => format!("namespace {namespace}{port}"),
            (Some(namespace), false) => format!("pods {} in {namespace}{port}", labels.join(",")),
        }
    }

    /// The next wider one.
    fn wider(&self) -> Option<Scope> {
        let Scope { namespace, labels, port } = self.clone();
        match (port.is_some(), labels.is_empty(), namespace.is_some()) {
            (true, ..) => Some(Scope { namespace, labels, port: None }),
            (false, false, _) => Some(Scope { namespace, labels: Labels::new(), port: None }),
            (false, true, true) => Some(Scope { namespace: None, labels: Labels::new(), port: None }),
            (false, true, false) => None,
        }
    }
}

/// The labels that an object selects pods by.
pub(in crate::diff) fn selector(object: &Object) -> Labels {
    labels(At::spec(object).get("selector.matchLabels"))
}

/// A map of labels.
pub(in crate::diff) fn labels(at: At<'_>) -> Labels {
    at.entries().iter().filter_map(|entry| Some((entry.key.to_string(), At::of(Some(&entry.node)).word()?))).collect()
}

/// Whether pods with `labels` have all that `selector` asks for.
pub(in crate::diff) fn selects(selector: &Labels, labels: &Labels) -> bool {
    selector.iter().all(|(key, value)| labels.get(key) == Some(value))
}

fn policies(side: &Side) -> impl Iterator<Item = &Object> {
    side.of_kind("security.istio.io", "PeerAuthentication")
}

fn mode(at: At<'_>) -> Option<Mode> {
    match at.key("mode").text()? {
        "DISABLE" => Some(Mode::Disable),
        "PERMISSIVE" => Some(Mode::Permissive),
        "STRICT" => Some(Mode::Strict),
        _ => None,
    }
}

/// The mode that holds in a scope. A policy for pods in the root namespace counts for nobody.
pub(in crate::diff) fn effective(side: &Side, scope: &Scope) -> Mode {
    let of_all = |namespace: &str| {
        let mut policies =
            policies(side).filter(|policy| names::namespace(policy) == namespace && selector(policy).is_empty());
        policies.find_map(|policy| mode(At::spec(policy).key("mtls")))
    };
    let own = scope.namespace.as_deref().and_then(|namespace| {
        let mut own: Vec<(Labels, &Object)> = policies(side)
            .filter(|policy| names::namespace(policy) == namespace && !policy.is_in_root)
            .map(|policy| (selector(policy), policy))
            .filter(|(selector, _)| !selector.is_empty() && selects(selector, &scope.labels))
            .collect();
        own.sort_by_key(|(selector, _)| std::cmp::Reverse(selector.len()));
        let (_, policy) = own.first()?;
        let port = scope.port.map(|port| port.to_string());
        let of_port = port.and_then(|port| mode(At::spec(policy).key("portLevelMtls").key(&port)));
        of_port.or_else(|| mode(At::spec(policy).key("mtls")))
    });
    own.or_else(|| scope.namespace.as_deref().and_then(of_all))
        .or_else(|| of_all(side.root()))
        .unwrap_or(Mode::Permissive)
}

/// Whether no port of the pods of a scope takes anybody without identity, as far as policies tell.
pub(in crate::diff) fn is_strict_throughout(side: &Side, scope: &Scope) -> bool {
    let of_pods = policies(side).filter(|policy| scope.namespace.as_deref() == Some(names::namespace(policy)));
    let mut of_pods = of_pods.filter(|policy| selects(&selector(policy), &scope.labels));
    let is_strict = |port: &crate::verbatim::Entry| At::of(Some(&port.node)).key("mode").text() == Some("STRICT");
    effective(side, scope) == Mode::Strict
        && of_pods.all(|policy| At::spec(policy).key("portLevelMtls").entries().iter().all(is_strict))
}

/// A scope in which another mode holds than before.
#[derive(Debug)]
pub(in crate::diff) struct Step<'c, 's> {
    /// The change that does it.
    pub(in crate::diff) change: &'c Change<'s>,
    /// Where it stands.
    pub(in crate::diff) pointer: String,
    /// For what.
    pub(in crate::diff) scope: Scope,
    /// The mode before.
    pub(in crate::diff) old: Mode,
    /// The mode after.
    pub(in crate::diff) new: Mode,
}

/// The scopes that policies of either side tell apart.
fn scopes(comparison: &Comparison<'_>) -> BTreeSet<Scope> {
    let mut scopes: BTreeSet<Scope> = [Scope { namespace: None, labels: Labels::new(), port: None }].into();
    for policy in policies(comparison.before).chain(policies(comparison.after)) {
        let namespace = names::namespace(policy);
        if policy.is_in_root {
            continue;
        }
        let of = |labels: Labels, port| Scope { namespace: Some(namespace.to_owned()), labels, port };
        scopes.insert(of(Labels::new(), None));
        let labels = selector(policy);
        if !labels.is_empty() {
            let ports =
                At::spec(policy).key("portLevelMtls").entries().iter().filter_map(|entry| entry.key.parse().ok());
            scopes.extend(ports.map(|port| of(labels.clone(), Some(port))));
            scopes.insert(of(labels, None));
        }
    }
    scopes
}

/// Every scope in which another mode holds than before; what it has from a wider one is told of that alone.
pub(in crate::diff) fn steps<'c, 's>(comparison: &'c Comparison<'s>) -> Vec<Step<'c, 's>> {
    let changes: Vec<&Change<'s>> = comparison.of_kind("security.istio.io", "PeerAuthentication").collect();
    if changes.is_empty() {
        return Vec::new();
    }
    let modes = |scope: &Scope| (effective(comparison.before, scope), effective(comparison.after, scope));
    let mut steps = Vec::new();
    for scope in scopes(comparison) {
        let (old, new) = modes(&scope);
        if old == new || scope.wider().is_some_and(|wider| modes(&wider) == (old, new)) {
            continue;
        }
        if let Some(change) = responsible(&changes, &scope) {
            let port = scope.port.map(|port| format!("/spec/portLevelMtls/{port}/mode"));
            let pointer = port.unwrap_or_else(|| "/spec/mtls/mode".to_owned());
            steps.push(Step { change, pointer, scope, old, new });
        }
    }
    steps
}

/// The nearest change that a scope has its mode from.
fn responsible<'c, 's>(changes: &[&'c Change<'s>], scope: &Scope) -> Option<&'c Change<'s>> {
    let holds = |change: &&&'c Change<'s>, namespace: &str, is_of_pods: bool| {
        [change.before, change.after].into_iter().flatten().any(|policy| {
            let selector = selector(policy);
            names::namespace(policy) == namespace
                && selector.is_empty() != is_of_pods
                && selects(&selector, &scope.labels)
        })
    };
    let own = scope.namespace.as_deref();
    let of_pods = own.and_then(|namespace| changes.iter().find(|change| holds(change, namespace, true)));
    let of_all = || own.and_then(|namespace| changes.iter().find(|change| holds(change, namespace, false)));
    let of_mesh = || {
        let is_of_mesh = |policy: &&Object| policy.is_in_root && selector(policy).is_empty();
        changes.iter().find(|change| [change.before, change.after].into_iter().flatten().any(|it| is_of_mesh(&it)))
    };
    of_pods.or_else(of_all).or_else(of_mesh).copied()
}
