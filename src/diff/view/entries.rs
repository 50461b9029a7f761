//! What the mesh knows of the outside: `ServiceEntries`.

use super::services::Protocol;
use super::{At, names};
use crate::diff::{Change, Comparison, Object, Operation};
use std::collections::{BTreeMap, BTreeSet};

/// A `ServiceEntry` before and after; also one that goes while another for the same hosts comes.
#[derive(Debug)]
pub(in crate::diff) struct Pair<'c, 's> {
    /// The change.
    pub(in crate::diff) change: &'c Change<'s>,
    /// As it was.
    pub(in crate::diff) before: Option<&'s Object>,
    /// As it becomes.
    pub(in crate::diff) after: Option<&'s Object>,
}

/// The hosts of an entry.
pub(in crate::diff) fn hosts(entry: Option<&Object>) -> BTreeSet<String> {
    let said = At::spec_of(entry).key("hosts").texts().into_iter();
    said.map(|host| names::fqdn(host, entry.map_or("default", names::namespace))).collect()
}

/// The ports of an entry: number and protocol.
fn ports(entry: Option<&Object>) -> BTreeSet<String> {
    let ports = At::spec_of(entry).key("ports").items();
    let told = ports.map(|at| {
        let protocol = at.key("protocol").text().unwrap_or("TCP").to_ascii_uppercase();
        format!("{} {protocol}", at.key("number").word().unwrap_or_default())
    });
    told.collect()
}

/// What Istio takes the ports of an entry for, by number.
pub(in crate::diff) fn protocols(entry: Option<&Object>) -> BTreeMap<String, Protocol> {
    let ports = At::spec_of(entry).key("ports").items();
    ports.filter_map(|at| Some((at.key("number").word()?, Protocol::named(at.key("protocol").text()?)))).collect()
}

/// The ports of one entry whose numbers another one has not: number and protocol.
pub(in crate::diff) fn lone_ports(own: Option<&Object>, other: Option<&Object>) -> Vec<String> {
    let number = |port: &str| port.split(' ').next().unwrap_or_default().to_owned();
    let known: BTreeSet<String> = ports(other).iter().map(|port| number(port)).collect();
    ports(own).into_iter().filter(|port| !known.contains(&number(port))).collect()
}

/// Every entry that changes.
pub(in crate::diff) fn pairs<'c, 's>(comparison: &'c Comparison<'s>) -> Vec<Pair<'c, 's>> {
    let all = || comparison.of_kind("networking.istio.io", "ServiceEntry");
    let mut is_joined: BTreeSet<&crate::diff::Id> = BTreeSet::new();
    let mut pairs = Vec::new();
    for change in all().filter(|change| change.operation() != Operation::Delete) {
        let gone = all().find(|gone| {
            gone.operation() == Operation::Delete
                && !is_joined.contains(&gone.id)
                && hosts(gone.before) == hosts(change.after)
        });
        let before = change.before.or_else(|| {
            let gone = gone?;
            is_joined.insert(gone.id);
            gone.before
        });
        pairs.push(Pair { change, before, after: change.after });
    }
    let gone = all().filter(|change| change.operation() == Operation::Delete && !is_joined.contains(&change.id));
    pairs.extend(gone.map(|change| Pair { change, before: change.before, after: None }));
    pairs
}

/// Whether one of the entries of a side that do not change has a host.
pub(in crate::diff) fn is_known(side: &crate::diff::Side, host: &str) -> bool {
    side.of_kind("networking.istio.io", "ServiceEntry")
        .any(|entry| hosts(Some(entry)).iter().any(|own| names::covers(own, host)))
}

/// What differs of the endpoints of an entry, in words, and of what kind it is; none where callers see no difference.
pub(in crate::diff) fn endpoints(old: &Object, new: &Object) -> Option<(String, Vec<String>)> {
    let read = |entry| -> BTreeMap<String, At<'_>> {
        let all = At::spec(entry).key("endpoints").items();
        all.map(|at| (at.key("address").text().unwrap_or_default().to_owned(), at)).collect()
    };
    let (before, after) = (read(old), read(new));
    let is_spread_alike = has_same_shares(&before, &after);
    let mut fields: BTreeSet<String> = BTreeSet::new();
    let mut told: Vec<String> = Vec::new();
    for (address, at) in &after {
        let Some(was) = before.get(address) else { continue };
        for (key, from, to) in differing(*was, *at) {
            if key != "weight" || !is_spread_alike {
                told.push(format!("endpoint {address}: {key} {from} -> {to}"));
                fields.insert(key);
            }
        }
    }
    let lone = |these: &BTreeMap<String, At<'_>>, those: &BTreeMap<String, At<'_>>| -> Vec<String> {
        these.keys().filter(|address| !those.contains_key(*address)).cloned().collect()
    };
    let (gone, come) = (lone(&before, &after), lone(&after, &before));
    match (gone.as_slice(), come.as_slice()) {
        ([from], [to]) if is_alike(before.get(from), after.get(to)) => told.push(format!("endpoint {from} -> {to}")),
        _ => {
            told.extend(gone.iter().map(|address| format!("endpoint {address} is gone")));
            told.extend(come.iter().map(|address| format!("endpoint {address} is new")));
        }
    }
    fields.extend((!gone.is_empty() || !come.is_empty()).then(|| "address".to_owned()));
    (!told.is_empty()).then(|| (told.join("; "), fields.into_iter().collect()))
}

fn is_alike(one: Option<&At<'_>>, other: Option<&At<'_>>) -> bool {
    one.zip(other).is_some_and(|(one, other)| differing(*one, *other).iter().all(|(key, ..)| key == "address"))
}

/// The fields in which two endpoints differ, with what both say.
fn differing(old: At<'_>, new: At<'_>) -> Vec<(String, String, String)> {
    let keys: BTreeSet<&str> = old.entries().iter().chain(new.entries()).map(|entry| entry.key.as_str()).collect();
    let said = |at: At<'_>, key: &str| match at.key(key).canonical() {
        text if text.is_empty() && key == "weight" => "1".to_owned(),
        text if text.is_empty() => "none".to_owned(),
        text => text,
    };
    let all = keys.into_iter().map(|key| (key.to_owned(), said(old, key), said(new, key)));
    all.filter(|(_, from, to)| from != to).collect()
}

/// Whether the weights of the same endpoints are in the same proportion: they count by their sum.
/// <https://istio.io/latest/docs/reference/config/networking/workload-entry/#WorkloadEntry-weight>
fn has_same_shares(before: &BTreeMap<String, At<'_>>, after: &BTreeMap<String, At<'_>>) -> bool {
    let weights = |of: &BTreeMap<String, At<'_>>| -> Vec<i64> {
        of.values().map(|at| at.key("weight").whole().filter(|weight| *weight > 0).unwrap_or(1)).collect()
    };
    let (old, new) = (weights(before), weights(after));
    let (of_old, of_new): (i64, i64) = (old.iter().sum(), new.iter().sum());
    before.keys().eq(after.keys())
        && old.iter().zip(&new).all(|(was, is)| was.checked_mul(of_new) == is.checked_mul(of_old))
}
