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
