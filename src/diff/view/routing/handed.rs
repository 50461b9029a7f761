//! Hosts that one `VirtualService` hands on to another one with the same routes: one that is split, or two that are joined.

use super::table::{Tables, gateways, hosts};
use crate::diff::view::{At, names};
use crate::diff::{Comparison, Object};
use std::collections::{BTreeMap, BTreeSet};

/// What an object does with requests, but for the hosts that it is for.
const REST: [&str; 4] = ["http", "tls", "tcp", "exportTo"];

fn says_the_same(one: &Object, other: &Object) -> bool {
    let rest = |key: &&str| At::spec(one).key(key).canonical() == At::spec(other).key(key).canonical();
    one.id.kind == other.id.kind
        && names::namespace(one) == names::namespace(other)
        && gateways(Some(one)) == gateways(Some(other))
        && REST.iter().all(rest)
}

/// Whether the table is of an object that stays and has the routes of `object` for its hosts on the other side alone.
fn is_handed(comparison: &Comparison<'_>, table: &Tables<'_>, object: &Object, side: usize) -> bool {
    let both = comparison.changes.get(table.change).and_then(|change| Some([change.before?, change.after?]));
    let twin = both.and_then(|both| both.get(side).copied());
    let names = |side: usize, host: &String| table.hosts.get(side).is_some_and(|all| all.contains(host));
    let is_lone = |host: &String| names(side, host) && !names(1 - side, host);
    hosts(Some(object)).iter().all(is_lone) && twin.is_some_and(|twin| says_the_same(twin, object))
}

/// Leaves out what comes or goes as a whole, where an object that stays had the same routes for its hosts on the other
/// side.
pub(super) fn settle(comparison: &Comparison<'_>, tables: &mut Vec<Tables<'_>>) {
    let lone = lone(comparison, tables);
    if lone.is_empty() {
        return;
    }
    let mut settled = BTreeSet::new();
    for (index, change) in comparison.changes.iter().enumerate() {
        let (object, side) = match (change.before, change.after) {
            (None, Some(object)) => (object, 0),
            (Some(object), None) => (object, 1),
            (Some(_), Some(_)) | (None, None) => continue,
        };
        if object.id.kind != "VirtualService" {
            continue;
        }
        let own = hosts(Some(object));
        let near = own.first().and_then(|host| lone.get(&(side, host.clone()))).into_iter().flatten();
        for table in near {
            if let Some(table) = tables.get_mut(*table)
                && is_handed(comparison, table, object, side)
                && let Some(all) = table.hosts.get_mut(side)
            {
                all.retain(|host| !own.contains(host));
                settled.insert(index);
            }
        }
    }
    tables.retain(|table| !settled.contains(&table.change));
}

/// The tables of objects that stay, by the hosts that they have on one side alone.
fn lone(comparison: &Comparison<'_>, tables: &[Tables<'_>]) -> BTreeMap<(usize, String), Vec<usize>> {
    let mut lone: BTreeMap<(usize, String), Vec<usize>> = BTreeMap::new();
    let stays = |table: &Tables<'_>| {
        comparison.changes.get(table.change).is_some_and(|change| change.before.is_some() && change.after.is_some())
    };
    for (at, table) in tables.iter().enumerate().filter(|(_, table)| stays(table)) {
        let [before, after] = &table.hosts;
        for (side, own, other) in [(0, before, after), (1, after, before)] {
            for host in own.iter().filter(|host| !other.contains(host)) {
                lone.entry((side, host.clone())).or_default().push(at);
            }
        }
    }
    lone
}
