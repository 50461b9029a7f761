//! Whom a change meets: the services that call, and the public hosts that lead there.

use super::{At, callers, gateways, names, routing, subsets};
use crate::diff::comparison::both;
use crate::diff::words::Words;
use crate::diff::{Id, Object, Side};
use std::collections::{BTreeMap, BTreeSet};

/// The kinds that tell who calls whom.
const CALLING: [&str; 7] =
    ["AuthorizationPolicy", "Sidecar", "VirtualService", "HTTPRoute", "GRPCRoute", "TLSRoute", "TCPRoute"];

/// Who calls whom, and which public hosts lead where, as far as the objects of both sides tell.
#[derive(Debug, Default)]
pub(in crate::diff) struct Reach {
    /// The callers of each host, by its key.
    callers: BTreeMap<String, BTreeSet<String>>,
    /// The public hosts that lead to each host, by its key.
    doors: BTreeMap<String, BTreeSet<String>>,
    /// What each object speaks for.
    hosts: BTreeMap<Id, BTreeSet<String>>,
}

impl Reach {
    /// What the objects of two sides tell of those of these identities.
    pub(in crate::diff) fn of(before: &Side, after: &Side, ids: &BTreeSet<&Id>) -> Self {
        let mut reach = Reach::default();
        for side in [before, after] {
            for object in ids.iter().filter_map(|id| side.get(id)) {
                let hosts = hosts(object);
                reach.hosts.entry(object.id.clone()).or_default().extend(hosts);
            }
        }
        let words = Words::of(reach.hosts.values().flatten().map(String::as_str));
        for (old, new) in both(before, after) {
            let is_shared = old.zip(new).is_some_and(|(old, new)| old.body.is(&new.body));
            let is_met = |object: &Object| CALLING.contains(&object.id.kind.as_str()) && words.can_stand_in(object);
            let old = old.filter(|old| is_met(old));
            let new = new.filter(|new| if is_shared { old.is_some() } else { is_met(new) });
            for (side, object) in [(before, old), (after, new)] {
                if let Some(object) = object {
                    reach.read(side, object);
                }
            }
        }
        reach
    }

    fn read(&mut self, side: &Side, object: &Object) {
        match object.id.kind.as_str() {
            _ if routing::is_routes(&object.id) => self.read_routes(side, object),
            "AuthorizationPolicy" => self.read_grants(object),
            "Sidecar" => self.read_scope(object),
            _ => {}
        }
    }

    fn read_routes(&mut self, side: &Side, object: &Object) {
        let hosts = hosts(object);
        let public: BTreeSet<String> =
            gateways::bound(object).iter().flat_map(|gateway| gateways::opened(side, gateway, object)).collect();
        for rule in routing::rules(object) {
            for to in routing::destinations(&rule) {
                self.doors.entry(names::key(&to.host)).or_default().extend(public.iter().cloned());
            }
        }
        for host in &hosts {
            self.doors
                .entry(names::key(host))
                .or_default()
                .extend(public.iter().filter(|own| names::covers(own, host)).cloned());
        }
    }

    fn read_grants(&mut self, object: &Object) {
        let Some(host) = guarded(object).filter(|_| super::grants::action(object) == "ALLOW") else { return };
        let callers = self.callers.entry(names::key(&host)).or_default();
        for rule in At::spec(object).key("rules").items() {
            for from in rule.key("from").items() {
                let source = from.key("source");
                callers.extend(source.key("principals").texts().iter().map(|own| callers::caller(own)));
                callers.extend(source.key("serviceAccounts").texts().iter().map(|own| callers::caller(own)));
                callers.extend(source.key("namespaces").texts().iter().map(|own| format!("namespace {own}")));
            }
        }
    }

    fn read_scope(&mut self, object: &Object) {
        let labels = super::mtls::labels(At::spec(object).get("workloadSelector.labels"));
        let Some(app) = labels.get("app").or(labels.get("app.kubernetes.io/name")) else { return };
        let own = names::namespace(object);
        for host in At::spec(object).key("egress").items().flat_map(|at| at.key("hosts").texts()) {
            let host = host.rsplit('/').next().unwrap_or(host);
            if !host.contains('*') {
                self.callers.entry(names::key(host)).or_default().insert(format!("{app}.{own}"));
            }
        }
    }

    /// The callers of what an object speaks for, and the public hosts that lead there.
    pub(in crate::diff) fn met(&self, object: &Id) -> (Vec<String>, Vec<String>) {
        let none = BTreeSet::new();
        let hosts = self.hosts.get(object).unwrap_or(&none);
        let of = |map: &BTreeMap<String, BTreeSet<String>>| -> Vec<String> {
            let all: BTreeSet<&String> = hosts.iter().filter_map(|host| map.get(&names::key(host))).flatten().collect();
            all.into_iter().cloned().collect()
        };
        (of(&self.callers), of(&self.doors))
    }
}

/// The hosts that an object speaks for.
fn hosts(object: &Object) -> BTreeSet<String> {
    match object.id.kind.as_str() {
        _ if routing::is_routes(&object.id) => routing::hosts(Some(object)).into_iter().collect(),
        "DestinationRule" => subsets::host(object).into_iter().collect(),
        "ServiceEntry" => super::entries::hosts(Some(object)).into_iter().collect(),
        "AuthorizationPolicy" => guarded(object).into_iter().collect(),
        _ => BTreeSet::new(),
    }
}

/// The host of a service that a policy most likely guards: the one named as the label `app` of its pods.
fn guarded(object: &Object) -> Option<String> {
    let labels = super::mtls::selector(object);
    let app = labels.get("app").or(labels.get("app.kubernetes.io/name"))?;
    Some(names::fqdn(app, names::namespace(object)))
}
