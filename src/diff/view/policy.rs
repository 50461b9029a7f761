//! Traffic policies of `DestinationRules`: what holds for a subset and a port.

use super::{At, names, subsets};
use crate::diff::{Change, Comparison, Object, Operation};
use std::collections::BTreeSet;

/// A block of a traffic policy that says something else than before, for a host, a subset or a port.
#[derive(Debug)]
pub(in crate::diff) struct Step<'c, 's, T> {
    /// The object.
    pub(in crate::diff) change: &'c Change<'s>,
    /// For what of the host it holds: empty, ` subset v1`, ` port 80`.
    pub(in crate::diff) of: String,
    /// The host.
    pub(in crate::diff) host: String,
    /// Where it stands.
    pub(in crate::diff) pointer: String,
    /// What it said.
    pub(in crate::diff) old: T,
    /// What it says.
    pub(in crate::diff) new: T,
}

/// An object before and after; also one that goes while another comes in its place.
struct Pair<'c, 's> {
    change: &'c Change<'s>,
    before: Option<&'s Object>,
    after: Option<&'s Object>,
}

/// The destination rules that change. One that speaks for another host than before is one that goes and one that comes.
fn pairs<'c, 's>(comparison: &'c Comparison<'s>) -> Vec<Pair<'c, 's>> {
    let mut pairs: Vec<Pair<'c, 's>> = Vec::new();
    for change in comparison.of_kind("networking.istio.io", "DestinationRule") {
        let (before, after) = (change.before, change.after);
        if change.operation() == Operation::Change && before.and_then(subsets::host) != after.and_then(subsets::host) {
            pairs.push(Pair { change, before, after: None });
            pairs.push(Pair { change, before: None, after });
        } else {
            pairs.push(Pair { change, before, after });
        }
    }
    let (mut whole, mut lone): (Vec<_>, Vec<_>) =
        pairs.into_iter().partition(|pair| pair.before.is_some() && pair.after.is_some());
    let host = |pair: &Pair<'_, '_>| pair.before.or(pair.after).and_then(subsets::host);
    let mut hosts: Vec<Option<String>> = lone.iter().map(host).collect();
    while let (Some(mut pair), Some(host)) = (lone.pop(), hosts.pop()) {
        let other = lone.iter().zip(&hosts).position(|(other, of_other)| {
            other.before.is_none() == pair.after.is_none()
                && other.before.is_none() != pair.before.is_none()
                && *of_other == host
        });
        if let Some(other) = other {
            hosts.remove(other);
            let other = lone.remove(other);
            if pair.after.is_none() {
                pair.change = other.change;
            }
            pair.before = pair.before.or(other.before);
            pair.after = pair.after.or(other.after);
        }
        whole.push(pair);
    }
    whole.sort_by_key(|pair| pair.change.id);
    whole
}

/// A subset and a port, or all of them.
type Slot<'s> = (Option<&'s str>, Option<i64>);

fn slots<'s>(pair: &Pair<'_, 's>) -> Vec<Slot<'s>> {
    let mut names: BTreeSet<Option<&str>> = [None].into();
    let mut ports: BTreeSet<Option<i64>> = [None].into();
    let (old, new) = (subsets::of(pair.before), subsets::of(pair.after));
    names.extend(old.keys().filter(|name| pair.after.is_none() || new.contains_key(*name)).map(|name| Some(*name)));
    names.extend(new.keys().filter(|name| pair.before.is_none() || old.contains_key(*name)).map(|name| Some(*name)));
    for object in [pair.before, pair.after].into_iter().flatten() {
        let spec = At::spec(object);
        let policies = spec.key("subsets").items().map(|at| at.key("trafficPolicy")).chain([spec.key("trafficPolicy")]);
        ports.extend(
            policies.flat_map(|at| at.key("portLevelSettings").items()).map(|at| at.get("port.number").whole()),
        );
    }
    names.into_iter().flat_map(|name| ports.iter().map(move |port| (name, *port))).collect()
}

/// The part of a traffic policy that holds for a port: what is said for it stands for all of these blocks at once, and
/// what is said for the host is forgotten.
const OF_PORTS: [&str; 4] = ["loadBalancer", "connectionPool", "outlierDetection", "tls"];

fn of_port<'s>(policy: At<'s>, pointer: &str, port: Option<i64>, block: &str) -> (At<'s>, String) {
    let settings = policy.key("portLevelSettings").items().enumerate();
    let mut own = settings.filter(|(_, at)| port.is_some() && at.get("port.number").whole() == port);
    match own.next() {
        Some((index, at)) if OF_PORTS.contains(&block) => {
            (at.key(block), format!("{pointer}/portLevelSettings/{index}/{block}"))
        }
        Some((index, _)) => (At::default(), format!("{pointer}/portLevelSettings/{index}")),
        None => (policy.key(block), format!("{pointer}/{block}")),
    }
}

/// A block as it holds for a slot: that of the subset, else that of the host.
fn block<'s>(object: Option<&'s Object>, (subset, port): Slot<'s>, block: &str) -> (At<'s>, String) {
    let own = subset.and_then(|name| subsets::of(object).remove(name));
    if let Some((pointer, at)) = own {
        let found = of_port(at.key("trafficPolicy"), &format!("{pointer}/trafficPolicy"), port, block);
        if found.0.is_there() {
            return found;
        }
    }
    of_port(At::spec_of(object).key("trafficPolicy"), "/spec/trafficPolicy", port, block)
}

/// Where a block of a traffic policy, as `read` reads it, says something else than before. What a subset or port has
/// from the whole host is told once, of the host.
pub(in crate::diff) fn steps<'c, 's, T: PartialEq>(
    comparison: &'c Comparison<'s>,
    name: &'static str,
    read: impl Fn(At<'s>) -> T,
) -> Vec<Step<'c, 's, T>> {
    let mut steps: Vec<Step<'c, 's, T>> = Vec::new();
    for pair in pairs(comparison) {
        let first = steps.len();
        for slot in slots(&pair) {
            let (old, new) = (block(pair.before, slot, name), block(pair.after, slot, name));
            let pointer = if new.0.is_there() || !old.0.is_there() { new.1 } else { old.1 };
            let (old, new) = (read(old.0), read(new.0));
            let is_known = |step: &Step<'_, '_, T>| (&step.pointer, &step.old, &step.new) == (&pointer, &old, &new);
            let is_told = steps.iter().skip(first).any(is_known);
            if old != new && !is_told {
                let subset = slot.0.map(|name| format!(" subset {name}")).unwrap_or_default();
                let port = slot.1.map(|port| format!(" port {port}")).unwrap_or_default();
                let host = pair.after.or(pair.before).and_then(subsets::host).unwrap_or_default();
                steps.push(Step { change: pair.change, of: format!("{subset}{port}"), host, pointer, old, new });
            }
        }
    }
    steps
}

impl<T> Step<'_, '_, T> {
    /// `reviews.prod subset v1`.
    pub(in crate::diff) fn told(&self) -> String {
        format!("{}{}{}", names::short(&self.host), self.of, names::mark(&self.host))
    }
}

/// When pods are taken out because they fail; none: never.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::diff) struct Ejection {
    /// Failures in a row, of several kinds; none: that kind does not count.
    pub(in crate::diff) failures: [Option<f64>; 3],
    /// How often they are counted, in milliseconds.
    pub(in crate::diff) interval: f64,
    /// For how long a pod is out, in milliseconds.
    pub(in crate::diff) time: f64,
    /// Percent of pods that may be out.
    pub(in crate::diff) most: f64,
    /// Percent of pods that must be well, else none is taken out.
    pub(in crate::diff) health: f64,
    /// All else.
    pub(in crate::diff) rest: Vec<String>,
}

/// Reads `outlierDetection` with what Envoy fills in.
pub(in crate::diff) fn ejection(at: At<'_>) -> Option<Ejection> {
    if !at.is_there() {
        return None;
    }
    let count = |key: &str| at.key(key).number();
    let of_5xx = count("consecutive5xxErrors").or(count("consecutiveErrors"));
    let counted = |count: Option<f64>| count.filter(|count| *count > 0.0);
    let failures = [
        counted(of_5xx.or(Some(5.0))),
        counted(count("consecutiveGatewayErrors")),
        counted(
            count("consecutiveLocalOriginFailures").or(at.key("splitExternalLocalOriginErrors").flag().then_some(5.0)),
        ),
    ];
    let known = [
        "consecutive5xxErrors",
        "consecutiveErrors",
        "consecutiveGatewayErrors",
        "consecutiveLocalOriginFailures",
        "interval",
        "baseEjectionTime",
        "maxEjectionPercent",
        "minHealthPercent",
    ];
    let said = at.entries().iter().filter(|entry| !known.contains(&entry.key.as_str()));
    let rest = said.map(|entry| format!("{} {}", entry.key, At::of(Some(&entry.node)).canonical()));
    Some(Ejection {
        failures,
        interval: at.key("interval").milliseconds().unwrap_or(10_000.0),
        time: at.key("baseEjectionTime").milliseconds().unwrap_or(30_000.0),
        most: count("maxEjectionPercent").filter(|most| *most > 0.0).unwrap_or(10.0),
        health: count("minHealthPercent").unwrap_or(0.0),
        rest: rest.filter(|rest| !rest.ends_with(" false")).collect(),
    })
}

/// The limits of `connectionPool` by name, each with its value where nothing is said; durations in milliseconds.
const LIMITS: [(&str, f64); 7] = [
    ("tcp.maxConnections", MANY),
    ("http.http1MaxPendingRequests", MANY),
    ("http.http2MaxRequests", MANY),
    ("http.maxRequestsPerConnection", MANY),
    ("http.maxRetries", MANY),
    ("http.maxConcurrentStreams", MANY),
    ("tcp.connectTimeout", 10_000.0),
];
const MANY: f64 = 4_294_967_295.0;

/// The limits of connections and requests, each with its name.
pub(in crate::diff) fn limits(at: At<'_>) -> Vec<(&'static str, f64)> {
    let limit = |(name, unsaid): (&'static str, f64)| {
        let said = at.get(name);
        let value = said.milliseconds().filter(|_| name.ends_with("Timeout")).or(said.number());
        (name, value.filter(|value| *value > 0.0).unwrap_or(unsaid))
    };
    LIMITS.into_iter().map(limit).collect()
}

/// Every mode of TLS that a `DestinationRule` says, with where it stands and the port that it holds for.
pub(in crate::diff) fn modes(rule: &Object) -> Vec<(String, At<'_>, Option<i64>)> {
    let spec = At::spec(rule);
    let of_subsets = spec.key("subsets").items().enumerate();
    let of_subsets =
        of_subsets.map(|(index, at)| (format!("/spec/subsets/{index}/trafficPolicy"), at.key("trafficPolicy")));
    let mut modes = Vec::new();
    for (pointer, policy) in
        [("/spec/trafficPolicy".to_owned(), spec.key("trafficPolicy"))].into_iter().chain(of_subsets)
    {
        modes.push((format!("{pointer}/tls/mode"), policy.get("tls.mode"), None));
        for (index, at) in policy.key("portLevelSettings").items().enumerate() {
            let own = format!("{pointer}/portLevelSettings/{index}/tls/mode");
            modes.push((own, at.get("tls.mode"), at.get("port.number").whole()));
        }
    }
    modes
}
