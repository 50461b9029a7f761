//! Which policies of access hold for which pods.

use super::mtls::{Labels, Scope, labels, selects};
use super::{At, names, words};
use crate::access::{Action, Condition, Operation, Policy, Rule, Source};
use crate::diff::{Change, Comparison, Object, Side};
use smol_str::SmolStr;
use std::collections::BTreeSet;

/// A policy of access, and the pods that it holds for.
#[derive(Debug)]
pub(in crate::diff) struct Guard<'s> {
    /// The object.
    pub(in crate::diff) object: &'s Object,
    /// The labels of its pods.
    labels: Labels,
    /// What it names instead of pods, in one spelling.
    targets: String,
}

/// Whom policies hold for: pods, or what they name instead.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::diff) struct Guarded {
    /// The pods.
    pub(in crate::diff) scope: Scope,
    /// What is named instead of pods.
    pub(in crate::diff) targets: String,
}

impl Guarded {
    /// As people say it.
    pub(in crate::diff) fn told(&self) -> String {
        if self.targets.is_empty() { self.scope.told() } else { format!("{} in {}", self.targets, self.scope.told()) }
    }
}

/// The policies of a side; those that only log are left out.
pub(in crate::diff) fn guards(side: &Side) -> Vec<Guard<'_>> {
    let policies = side.of_kind("security.istio.io", "AuthorizationPolicy").filter(|policy| !is_dry(policy));
    policies.map(guard).collect()
}

fn guard(object: &Object) -> Guard<'_> {
    let spec = At::spec(object);
    let targets = words::targets(object);
    Guard { object, labels: labels(spec.get("selector.matchLabels")), targets }
}

/// The policies that hold for somebody, in the order of their names.
pub(in crate::diff) fn holding<'g, 's>(
    guards: &'g [Guard<'s>],
    of: &'g Guarded,
) -> impl Iterator<Item = &'g Guard<'s>> {
    guards.iter().filter(move |guard| holds(guard, of))
}

fn holds(guard: &Guard<'_>, of: &Guarded) -> bool {
    let own = names::namespace(guard.object);
    let is_near = guard.object.is_in_root || of.scope.namespace.as_deref() == Some(own);
    is_near && guard.targets == of.targets && selects(&guard.labels, &of.scope.labels)
}

/// Its action; ALLOW where none is said.
pub(in crate::diff) fn action(policy: &Object) -> &str {
    At::spec(policy).key("action").text().unwrap_or("ALLOW")
}

fn is_dry(policy: &Object) -> bool {
    let notes = At::of(policy.body.path("metadata.annotations"));
    notes.key("istio.io/dry-run").word().is_some_and(|word| word == "true")
}

/// The policies that only count now and did refuse, or the other way round; and whether they only count.
pub(in crate::diff) fn audited<'c, 's>(comparison: &'c Comparison<'s>) -> Vec<(&'c Change<'s>, bool)> {
    let changes = comparison.of_kind("security.istio.io", "AuthorizationPolicy");
    let turned = |change: &'c Change<'s>| {
        let (was, is) = (is_dry(change.before?), is_dry(change.after?));
        (was != is).then_some((change, is))
    };
    changes.filter_map(turned).collect()
}

/// Whether it holds for all pods of its namespace and lets nobody in.
pub(in crate::diff) fn is_closed_default(policy: &Object) -> bool {
    let own = guard(policy);
    let says_nothing = At::spec(policy).key("rules").items().next().is_none();
    action(policy) == "ALLOW" && own.labels.is_empty() && own.targets.is_empty() && says_nothing
}

/// For whom a policy holds, as people say it.
pub(in crate::diff) fn told(policy: &Object) -> String {
    let Guard { object: _, labels, targets } = guard(policy);
    let namespace = (!policy.is_in_root).then(|| names::namespace(policy).to_owned());
    Guarded { scope: Scope { namespace, labels, port: None }, targets }.told()
}

/// Whether it lets everybody in.
pub(in crate::diff) fn is_open(policy: &Object) -> bool {
    self::policy(policy).is_some_and(|policy| policy.rules.contains(&Rule::default()))
}

/// Everybody for whom policies that change hold, as policies of either side tell them apart; the widest first.
pub(in crate::diff) fn concerned(comparison: &Comparison<'_>) -> Vec<Guarded> {
    let changes = comparison.of_kind("security.istio.io", "AuthorizationPolicy");
    let changed: Vec<Guard<'_>> =
        changes.flat_map(|change| [change.before, change.after]).flatten().map(guard).collect();
    if changed.is_empty() {
        return Vec::new();
    }
    let mut all: BTreeSet<Guarded> = BTreeSet::new();
    for guard in guards(comparison.before).iter().chain(&guards(comparison.after)).chain(&changed) {
        let own = names::namespace(guard.object);
        let namespace = (!guard.object.is_in_root).then(|| own.to_owned());
        let of = |labels: Labels| Guarded {
            scope: Scope { namespace: namespace.clone(), labels, port: None },
            targets: guard.targets.clone(),
        };
        all.insert(of(Labels::new()));
        all.insert(of(guard.labels.clone()));
    }
    let mut all: Vec<Guarded> = all.into_iter().filter(|of| changed.iter().any(|guard| holds(guard, of))).collect();
    all.sort_by_key(|of| (of.scope.namespace.is_some(), of.scope.labels.len()));
    all
}

/// A policy as the algebra of access reads it; none for one that only counts.
pub(in crate::diff) fn policy(object: &Object) -> Option<Policy> {
    let spec = At::spec(object);
    let action = match action(object) {
        "ALLOW" => Action::Allow,
        "DENY" => Action::Deny,
        "CUSTOM" => Action::Custom { provider: spec.get("provider.name").text().unwrap_or_default().into() },
        _ => return None,
    };
    let rules = spec.key("rules").items().map(rule).collect();
    Some(Policy { action, namespace: names::namespace(object).into(), rules })
}

fn rule(at: At<'_>) -> Rule {
    Rule {
        from: at.key("from").items().map(|item| source(item.key("source"))).collect(),
        to: at.key("to").items().map(|item| operation(item.key("operation"))).collect(),
        when: at.key("when").items().map(condition).collect(),
    }
}

/// The items of a list as texts: a port may stand as a number.
fn words(at: At<'_>, key: &str) -> Vec<SmolStr> {
    at.key(key).items().filter_map(At::word).map(SmolStr::from).collect()
}

fn source(at: At<'_>) -> Source {
    Source {
        principals: words(at, "principals"),
        not_principals: words(at, "notPrincipals"),
        request_principals: words(at, "requestPrincipals"),
        not_request_principals: words(at, "notRequestPrincipals"),
        namespaces: words(at, "namespaces"),
        not_namespaces: words(at, "notNamespaces"),
        service_accounts: words(at, "serviceAccounts"),
        not_service_accounts: words(at, "notServiceAccounts"),
        trust_domains: words(at, "trustDomains"),
        not_trust_domains: words(at, "notTrustDomains"),
        ip_blocks: words(at, "ipBlocks"),
        not_ip_blocks: words(at, "notIpBlocks"),
        remote_ip_blocks: words(at, "remoteIpBlocks"),
        not_remote_ip_blocks: words(at, "notRemoteIpBlocks"),
    }
}

fn operation(at: At<'_>) -> Operation {
    Operation {
        hosts: words(at, "hosts"),
        not_hosts: words(at, "notHosts"),
        ports: words(at, "ports"),
        not_ports: words(at, "notPorts"),
        methods: words(at, "methods"),
        not_methods: words(at, "notMethods"),
        paths: words(at, "paths"),
        not_paths: words(at, "notPaths"),
    }
}

fn condition(at: At<'_>) -> Condition {
    Condition {
        key: at.key("key").text().unwrap_or_default().into(),
        values: words(at, "values"),
        not_values: words(at, "notValues"),
    }
}
