//! How long callers wait, along a chain of calls.

use super::reach::Reach;
use super::routing::{self, timeout};
use super::{At, mtls, names};
use crate::diff::{Change, Comparison, Object, Side};
use std::collections::BTreeSet;

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
    let mut steps = Vec::new();
    let changes = || comparison.of_kind("networking.istio.io", "VirtualService");
    let changes = || changes().filter(|change| longest(change.before) != longest(change.after));
    let mut told: BTreeSet<(String, String)> = BTreeSet::new();
    for change in changes().filter(|change| longest(change.after).is_some()) {
        let reach = Reach::of(comparison.before, comparison.after, &BTreeSet::from([change.id]));
        let hosts = routing::hosts(change.after);
        let callers = reach.met(change.id).0.into_iter().filter(|caller| !caller.contains(' '));
        let of_callers =
            callers.flat_map(|caller| hosts.iter().map(move |host| (whole(&caller), host.clone()))).collect::<Vec<_>>();
        let of_callees = hosts
            .iter()
            .flat_map(|host| callees(comparison.after, host).into_iter().map(move |callee| (host.clone(), callee)));
        for (caller, callee) in of_callers.into_iter().chain(of_callees) {
            let is_short = |side: &Side| {
                let (given, waits) = (limit(side, &caller)?, limit(side, &callee)?);
                (given < waits).then_some((given, waits))
            };
            let Some((given, waits)) = is_short(comparison.after) else { continue };
            if is_short(comparison.before).is_none() && told.insert((caller.clone(), callee.clone())) {
                let (caller, callee) = (names::short(&caller).to_owned(), names::short(&callee).to_owned());
                steps.push(Step { change, caller, given, callee, waits });
            }
        }
    }
    steps
}

/// `web.shop` as a host.
fn whole(caller: &str) -> String {
    format!("{caller}.svc.cluster.local")
}

/// The longest timeout of an object's rules; none where one has none.
fn longest(object: Option<&Object>) -> Option<f64> {
    let limits: Option<Vec<f64>> = object.into_iter().flat_map(routing::rules).map(|rule| timeout(&rule)).collect();
    limits?.into_iter().reduce(f64::max)
}

/// How long callers wait for a host.
fn limit(side: &Side, host: &str) -> Option<f64> {
    let (_, namespace) = names::service(host)?;
    let near =
        side.of_kind("networking.istio.io", "VirtualService").filter(|object| names::namespace(object) == namespace);
    let mut own = near.filter(|object| routing::hosts(Some(object)).iter().any(|own| own == host));
    own.next().and_then(|object| longest(Some(object)))
}

/// What the pods behind a host call, as far as their Sidecar says it.
fn callees(side: &Side, host: &str) -> BTreeSet<String> {
    let Some((name, namespace)) = names::service(host) else { return BTreeSet::new() };
    let near = side.of_kind("networking.istio.io", "Sidecar").filter(|object| names::namespace(object) == namespace);
    let is_own = |object: &&Object| {
        let labels = mtls::labels(At::spec(object).get("workloadSelector.labels"));
        labels.get("app").or(labels.get("app.kubernetes.io/name")).is_some_and(|app| app == name)
    };
    let hosts = near.filter(is_own).flat_map(|object| At::spec(object).key("egress").items());
    let hosts = hosts.flat_map(|at| at.key("hosts").texts());
    let plain = hosts.map(|host| host.rsplit('/').next().unwrap_or(host)).filter(|host| !host.contains('*'));
    plain.map(str::to_owned).collect()
}
