//! How long callers wait, along a chain of calls.

use super::reach::Reach;
use super::routing::{self, timeout};
use super::{At, mtls, names};
use crate::diff::{Change, Comparison, Object, Side};
use std::collections::{BTreeMap, BTreeSet};

/// A service whose callers give it less time than it gives what it calls.
#[derive(Debug)]
pub(in crate::diff) struct Step<'c, 's> {
    /// The change that makes it so.
    pub(in crate::diff) change: &'c Change<'s>,
    /// The service in the middle.
    pub(in crate::diff) caller: String,
    /// How long others wait for it, in milliseconds.
    pub(in crate::diff) given: f64,
    /// What it calls.
    pub(in crate::diff) callee: String,
    /// How long it waits for that.
    pub(in crate::diff) waits: f64,
}

/// Every chain that is so now and was not.
pub(in crate::diff) fn steps<'c, 's>(comparison: &'c Comparison<'s>) -> Vec<Step<'c, 's>> {
    let changes = comparison.of_kind("networking.istio.io", "VirtualService");
    let is_limited = |change: &&Change<'_>| {
        let after = longest(change.after);
        after.is_some() && after != longest(change.before)
    };
    let changes: Vec<&Change<'s>> = changes.filter(is_limited).collect();
    if changes.is_empty() {
        return Vec::new();
    }
    let ids = changes.iter().map(|change| change.id).collect();
    let reach = Reach::of(comparison.before, comparison.after, &ids);
    let (mut before, mut after) = (Known::of(comparison.before), Known::of(comparison.after));
    let mut told: BTreeSet<(String, String)> = BTreeSet::new();
    let mut steps = Vec::new();
    for change in changes {
        for (caller, callee) in chains(change, &reach, &mut after) {
            let Some((given, waits)) = after.short(&caller, &callee) else { continue };
            if before.short(&caller, &callee).is_none() && told.insert((caller.clone(), callee.clone())) {
                let (caller, callee) = (names::key(&caller), names::key(&callee));
                steps.push(Step { change, caller, given, callee, waits });
            }
        }
    }
    steps
}

/// The pairs of a caller and what it calls that an object's timeout is about.
fn chains(change: &Change<'_>, reach: &Reach, after: &mut Known<'_>) -> Vec<(String, String)> {
    // One that is named with more than its namespace is no service here.
    let callers = reach.met(change.id).0.into_iter().filter(|caller| !caller.contains(' '));
    let callers: Vec<String> = callers.map(|caller| format!("{caller}.svc.cluster.local")).collect();
    let mut chains = Vec::new();
    for host in routing::hosts(change.after) {
        chains.extend(callers.iter().map(|caller| (caller.clone(), host.clone())));
        chains.extend(after.callees(&host).into_iter().map(|callee| (host.clone(), callee)));
    }
    chains
}

/// The longest timeout of an object's rules; none where one has none.
fn longest(object: Option<&Object>) -> Option<f64> {
    let limits: Option<Vec<f64>> = object.into_iter().flat_map(routing::rules).map(|rule| timeout(&rule)).collect();
    limits?.into_iter().reduce(f64::max)
}

/// What a side says of calls, read by namespace when somebody asks.
struct Known<'s> {
    side: &'s Side,
    limits: BTreeMap<String, BTreeMap<String, Option<f64>>>,
    callees: BTreeMap<String, BTreeMap<String, BTreeSet<String>>>,
}

impl<'s> Known<'s> {
    const fn of(side: &'s Side) -> Self {
        Known { side, limits: BTreeMap::new(), callees: BTreeMap::new() }
    }

    /// How long callers wait for a host.
    fn limit(&mut self, host: &str) -> Option<f64> {
        let (_, namespace) = names::service(host)?;
        if !self.limits.contains_key(namespace) {
            let mut read = BTreeMap::new();
            for object in self.side.of_kind_in(namespace, "networking.istio.io", "VirtualService") {
                for host in routing::hosts(Some(object)) {
                    read.entry(names::key(&host)).or_insert_with(|| longest(Some(object)));
                }
            }
            self.limits.insert(namespace.to_owned(), read);
        }
        *self.limits.get(namespace)?.get(&names::key(host))?
    }

    /// What the pods behind a host call, as far as their Sidecar says it.
    fn callees(&mut self, host: &str) -> BTreeSet<String> {
        let Some((name, namespace)) = names::service(host) else { return BTreeSet::new() };
        if !self.callees.contains_key(namespace) {
            let mut read: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
            for object in self.side.of_kind_in(namespace, "networking.istio.io", "Sidecar") {
                let labels = mtls::labels(At::spec(object).get("workloadSelector.labels"));
                let Some(app) = labels.get("app").or(labels.get("app.kubernetes.io/name")) else { continue };
                let hosts = At::spec(object).key("egress").items().flat_map(|at| at.key("hosts").texts());
                let plain = hosts.map(|host| host.rsplit('/').next().unwrap_or(host));
                let plain = plain.filter(|host| !host.contains('*')).map(str::to_owned);
                read.entry(app.clone()).or_default().extend(plain);
            }
            self.callees.insert(namespace.to_owned(), read);
        }
        self.callees.get(namespace).and_then(|all| all.get(name)).cloned().unwrap_or_default()
    }

    /// How long others wait for a caller, and how long it waits for what it calls, where that is longer.
    fn short(&mut self, caller: &str, callee: &str) -> Option<(f64, f64)> {
        let (given, waits) = (self.limit(caller)?, self.limit(callee)?);
        (given < waits).then_some((given, waits))
    }
}
