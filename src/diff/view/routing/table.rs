use super::action::{Destination, Part, destinations, part, parts};
use super::moves::{Move, moves};
use super::predicate::{self, Predicate};
use super::{gateway_api, handed};
use crate::diff::view::{At, names};
use crate::diff::{Comparison, Id, Object, Operation, Side};
use std::cell::LazyCell;
use std::collections::{BTreeMap, BTreeSet};

/// A rule of a `VirtualService`.
#[derive(Debug)]
pub(in crate::diff) struct Rule<'s> {
    /// Where it stands in its object.
    pub(in crate::diff) pointer: String,
    /// What it says.
    pub(in crate::diff) at: At<'s>,
    /// The namespace in which its short names are meant.
    pub(in crate::diff) namespace: &'s str,
    /// What it takes: any of these, or everything.
    pub(in crate::diff) takes: Vec<Predicate>,
    /// The list that it stands in: `http`, `tls` or `tcp`.
    pub(in crate::diff) list: &'static str,
    /// The host that requests are for, where the rule is the one that stands where there is none: requests go there.
    pub(in crate::diff) implied: Option<Destination>,
}

impl<'s> Rule<'s> {
    fn read(list: &'static str, index: usize, at: At<'s>, namespace: &'s str) -> Self {
        let matches: Vec<Predicate> = at.key("match").items().map(|one| predicate::read(one, namespace)).collect();
        let is_open = matches.iter().any(|one| one.conditions.is_empty());
        let pointer = format!("/spec/{list}/{index}");
        Rule { pointer, at, namespace, takes: if is_open { Vec::new() } else { matches }, list, implied: None }
    }

    /// Whether it is of the Gateway API.
    pub(super) fn is_of_gateway_api(&self) -> bool {
        gateway_api::LISTS.contains(&self.list)
    }

    /// The name of a field of it that says what `key` says in a `VirtualService`.
    pub(in crate::diff) fn named<'k>(&self, key: &'k str) -> &'k str {
        if self.is_of_gateway_api() { gateway_api::named(key) } else { key }
    }

    /// As people name it: by name, else by what it takes.
    pub(in crate::diff) fn told(&self) -> String {
        match self.at.key("name").text() {
            Some(name) => format!("route \"{name}\""),
            None => format!("route of {}", predicate::told(&self.takes)),
        }
    }

    /// The namespace and name of the object that its requests are handed on to.
    pub(in crate::diff) fn delegate(&self) -> Option<(&'s str, &'s str)> {
        let delegate = self.at.key("delegate");
        Some((delegate.key("namespace").text().unwrap_or(self.namespace), delegate.key("name").text()?))
    }

    /// Whether its requests are led on, and not answered by the proxy itself.
    pub(in crate::diff) fn is_led_on(&self) -> bool {
        self.part(Part::Redirect).is_empty()
    }

    /// A part in one spelling.
    pub(in crate::diff) fn part(&self, what: Part) -> String {
        match (&self.implied, what) {
            (Some(to), Part::Destinations) => format!("{} {:.6} %", to.told(), 100.0),
            (Some(_) | None, what) => part(self, what),
        }
    }

    /// What a part says, each thing by itself.
    pub(in crate::diff) fn parts(&self, what: Part) -> Vec<String> {
        if self.implied.is_some() { Vec::new() } else { parts(self, what) }
    }

    /// Whether it does the same as another.
    pub(in crate::diff) fn does_as(&self, other: &Rule<'_>) -> bool {
        Part::ALL.into_iter().all(|what| self.part(what) == other.part(what))
    }

    /// What is the same of rules that take the same.
    fn key(&self) -> Vec<String> {
        let mut keys: Vec<String> = self.takes.iter().map(Predicate::key).collect();
        keys.sort();
        keys.dedup();
        keys
    }
}

/// The rules of one list of a `VirtualService`, before and after.
#[derive(Debug)]
pub(in crate::diff) struct Tables<'s> {
    /// The change of the object, by its place among all.
    pub(in crate::diff) change: usize,
    /// The hosts, before and after.
    pub(in crate::diff) hosts: [Vec<String>; 2],
    /// The gateways, before and after.
    pub(in crate::diff) gateways: [Vec<String>; 2],
    /// The rules before.
    pub(in crate::diff) before: Vec<Rule<'s>>,
    /// The rules after.
    pub(in crate::diff) after: Vec<Rule<'s>>,
    /// For each rule before, what it became.
    pub(in crate::diff) became: Vec<Option<usize>>,
    /// The kinds of requests that another rule takes now.
    pub(in crate::diff) moves: Vec<Move>,
    /// Whether all kinds of requests were looked at.
    pub(in crate::diff) is_exact: bool,
    /// Another object that already routes a host of one that comes, for callers inside the mesh.
    pub(in crate::diff) rival: Option<&'s Id>,
}

impl<'s> Tables<'s> {
    /// The rules that stand on both sides.
    pub(in crate::diff) fn pairs(&self) -> impl Iterator<Item = (&Rule<'s>, &Rule<'s>)> {
        let pairs = self.before.iter().zip(&self.became);
        pairs.filter_map(|(before, became)| Some((before, self.after.get((*became)?)?)))
    }

    /// The host that routes hold for instead of another, before and after, where it is one for one.
    pub(in crate::diff) fn other_host(&self) -> Option<(&str, &str)> {
        let [before, after] = &self.hosts;
        let covered = |host: &String, by: &[String]| by.iter().any(|wide| names::covers(wide, host));
        one_for_one(
            before.iter().filter(|host| !covered(host, after)),
            after.iter().filter(|host| !covered(host, before)),
        )
    }

    /// The gateway that routes hold by instead of another, before and after, where it is one for one.
    pub(in crate::diff) fn other_gateway(&self) -> Option<(&str, &str)> {
        let [before, after] = &self.gateways;
        one_for_one(
            before.iter().filter(|gateway| !after.contains(gateway)),
            after.iter().filter(|gateway| !before.contains(gateway)),
        )
    }

    /// The rules that stand on one side alone: those that went, and those that came.
    pub(in crate::diff) fn lone(
        &self,
    ) -> (impl Iterator<Item = (usize, &Rule<'s>)>, impl Iterator<Item = (usize, &Rule<'s>)>) {
        let gone = self.before.iter().enumerate().zip(&self.became).filter(|(_, became)| became.is_none());
        let new = self.after.iter().enumerate().filter(|(index, _)| !self.became.contains(&Some(*index)));
        (gone.map(|(rule, _)| rule), new)
    }
}

fn one_for_one<'n>(
    mut gone: impl Iterator<Item = &'n String>,
    mut come: impl Iterator<Item = &'n String>,
) -> Option<(&'n str, &'n str)> {
    let pair = gone.next().zip(come.next());
    pair.filter(|_| gone.next().is_none() && come.next().is_none()).map(|(old, new)| (old.as_str(), new.as_str()))
}

/// Whether an object is routes.
pub(in crate::diff) fn is_routes(id: &Id) -> bool {
    (id.kind == "VirtualService" && id.group == "networking.istio.io") || gateway_api::is_route(id)
}

/// The routes of a side.
pub(in crate::diff) fn of_side(side: &Side) -> impl Iterator<Item = &Object> {
    let others = gateway_api::KINDS.into_iter().flat_map(|kind| side.of_kind(gateway_api::GROUP, kind));
    side.of_kind("networking.istio.io", "VirtualService").chain(others)
}

/// Where routes say their hosts and their gateways.
pub(in crate::diff) fn places(id: &Id) -> [&'static str; 2] {
    if gateway_api::is_route(id) { ["/spec/hostnames", "/spec/parentRefs"] } else { ["/spec/hosts", "/spec/gateways"] }
}

/// The hosts of routes.
pub(in crate::diff) fn hosts(object: Option<&Object>) -> Vec<String> {
    let Some(object) = object else { return Vec::new() };
    if gateway_api::is_route(&object.id) {
        return gateway_api::hosts(object).into_iter().collect();
    }
    let hosts =
        At::spec(object).key("hosts").texts().into_iter().map(|host| names::fqdn(host, names::namespace(object)));
    hosts.collect::<BTreeSet<_>>().into_iter().collect()
}

/// The gateways of routes, `mesh` for callers inside the mesh: they are meant where a `VirtualService` says none.
pub(in crate::diff) fn gateways(object: Option<&Object>) -> Vec<String> {
    let Some(object) = object else { return Vec::new() };
    if gateway_api::is_route(&object.id) {
        return gateway_api::gateways(object).into_iter().collect();
    }
    let said = At::spec(object).key("gateways").texts();
    let said = if said.is_empty() { vec!["mesh"] } else { said };
    said.into_iter()
        .map(|name| names::gateway(name, names::namespace(object)))
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect()
}

/// The rules of all `VirtualServices` that change.
pub(in crate::diff) fn tables<'s>(comparison: &Comparison<'s>) -> Vec<Tables<'s>> {
    let changes = || comparison.changes.iter().enumerate().filter(|(_, change)| is_routes(change.id));
    let mut is_joined = BTreeSet::new();
    let mut tables = Vec::new();
    let of_mesh = LazyCell::new(|| of_mesh(comparison));
    for (index, change) in changes().filter(|(_, change)| change.operation() != Operation::Delete) {
        let mut before = change.before;
        if before.is_none() {
            let own = hosts(change.after);
            let old = changes().find(|(old, gone)| {
                let is_alike = gone.operation() == Operation::Delete && gone.id.kind == change.id.kind;
                let of_same = || hosts(gone.before) == own && gateways(gone.before) == gateways(change.after);
                is_alike && !is_joined.contains(old) && of_same()
            });
            if let Some((old, gone)) = old {
                is_joined.insert(old);
                before = gone.before;
            }
        }
        let rival = change.after.filter(|_| before.is_none()).and_then(|object| rival(&of_mesh, object));
        tables.extend(of_pair(index, before, change.after).into_iter().map(|table| Tables { rival, ..table }));
    }
    for (index, change) in changes().filter(|(_, change)| change.operation() == Operation::Delete) {
        if !is_joined.contains(&index) {
            tables.extend(of_pair(index, change.before, None));
        }
    }
    handed::settle(comparison, &mut tables);
    tables
}

/// A `VirtualService` that stands on both sides and routes a host of another one for callers inside the mesh alone. Of
/// several for one host their proxies take the one that was made first.
/// <https://istio.io/latest/docs/ops/best-practices/traffic-management/#split-virtual-services>
fn rival<'s>(of_mesh: &BTreeMap<String, Vec<&'s Id>>, object: &Object) -> Option<&'s Id> {
    if object.id.kind != "VirtualService" || !is_of_mesh(object) {
        return None;
    }
    let own = hosts(Some(object));
    own.iter().filter_map(|host| of_mesh.get(host)).flatten().copied().filter(|id| **id != object.id).min()
}

/// Whether routes are for callers inside the mesh alone.
fn is_of_mesh(object: &Object) -> bool {
    gateways(Some(object)) == ["mesh"]
}

/// Those that stand on both sides and were for callers inside the mesh alone, by the hosts that they have on both.
fn of_mesh<'s>(comparison: &Comparison<'s>) -> BTreeMap<String, Vec<&'s Id>> {
    let mut all: BTreeMap<String, Vec<&'s Id>> = BTreeMap::new();
    for (before, after) in comparison.pairs.iter().filter(|(before, _)| before.id.kind == "VirtualService") {
        let stays = if is_of_mesh(before) { hosts(Some(after)) } else { Vec::new() };
        for host in hosts(Some(before)).into_iter().filter(|host| stays.contains(host)) {
            all.entry(host).or_default().push(&after.id);
        }
    }
    all
}

/// Every rule of a `VirtualService`.
pub(in crate::diff) fn rules(object: &Object) -> impl Iterator<Item = Rule<'_>> {
    LISTS.into_iter().flat_map(move |list| rules_of(object, list))
}

/// The lists in which rules stand.
const LISTS: [&str; 5] = ["http", "tls", "tcp", gateway_api::LISTS[0], gateway_api::LISTS[1]];

fn rules_of<'s>(object: &'s Object, list: &'static str) -> Vec<Rule<'s>> {
    if gateway_api::is_route(&object.id) {
        let mut rules = gateway_api::rules(object);
        rules.retain(|rule| rule.list == list);
        return rules;
    }
    let items = At::spec(object).key(list).items().enumerate();
    items.map(|(index, at)| Rule::read(list, index, at, names::namespace(object))).collect()
}

fn of_pair<'s>(change: usize, before: Option<&'s Object>, after: Option<&'s Object>) -> Vec<Tables<'s>> {
    LISTS.into_iter().filter_map(|list| of_list(list, change, before, after)).collect()
}

fn of_list<'s>(
    list: &'static str,
    change: usize,
    before: Option<&'s Object>,
    after: Option<&'s Object>,
) -> Option<Tables<'s>> {
    let rules = |object: Option<&'s Object>| object.into_iter().flat_map(|object| rules_of(object, list)).collect();
    let (mut old, mut new): (Vec<Rule<'s>>, Vec<Rule<'s>>) = (rules(before), rules(after));
    if old.is_empty() && new.is_empty() {
        return None;
    }
    let ((old_hosts, new_hosts), (old_gateways, new_gateways)) =
        ((hosts(before), hosts(after)), (gateways(before), gateways(after)));
    if before.is_none() {
        old.extend(implied(&new, &new_hosts, &new_gateways));
    }
    if after.is_none() {
        new.extend(implied(&old, &old_hosts, &old_gateways));
    }
    let (hosts, gateways) = ([old_hosts, new_hosts], [old_gateways, new_gateways]);
    let became = align(&old, &new);
    let (moves, is_exact) = moves(&old, &new, &became, &gateways);
    Some(Tables { change, hosts, gateways, before: old, after: new, became, moves, is_exact, rival: None })
}

/// Where no `VirtualService` speaks for a service, callers inside the mesh reach it as it is, on the port that they ask
/// for: the one that `rules` name, where they lead to the service itself.
fn implied<'s>(rules: &[Rule<'s>], hosts: &[String], gateways: &[String]) -> Option<Rule<'s>> {
    let host = hosts.iter().find(|host| !host.contains('*'))?;
    let own = rules.iter().flat_map(destinations).find(|to| to.host == *host && to.subset.is_none());
    let to = Destination { host: host.clone(), subset: None, port: own.and_then(|to| to.port), share: 100.0 };
    let list = rules.first()?.list;
    gateways.iter().any(|gateway| gateway == "mesh").then(|| Rule {
        pointer: String::new(),
        at: At::default(),
        namespace: "",
        takes: Vec::new(),
        list,
        implied: Some(to),
    })
}

/// Whether two rules are taken for one.
type IsSame<'f> = &'f dyn Fn(&Rule<'_>, &Rule<'_>) -> bool;

/// For each rule of `old` what it became: one that takes the same, has its name, does the same, or stands in its place.
fn align(old: &[Rule<'_>], new: &[Rule<'_>]) -> Vec<Option<usize>> {
    let mut became: Vec<Option<usize>> = vec![None; old.len()];
    let name = |rule: &Rule<'_>| rule.at.key("name").text().map(str::to_owned);
    let is_same: [IsSame<'_>; 5] = [
        &|one, other| one.key() == other.key() && one.does_as(other),
        &|one, other| one.key() == other.key(),
        &|one, other| name(one).is_some() && name(one) == name(other),
        &|one, other| one.does_as(other),
        &|one, other| {
            one.takes.is_empty() == other.takes.is_empty() && old.len() == new.len() && one.pointer == other.pointer
        },
    ];
    for is_same in is_same {
        for (index, rule) in old.iter().enumerate() {
            if became.get(index).is_some_and(Option::is_some) {
                continue;
            }
            let found = new.iter().enumerate().find(|(at, other)| !became.contains(&Some(*at)) && is_same(rule, other));
            if let (Some(place), Some((at, _))) = (became.get_mut(index), found) {
                *place = Some(at);
            }
        }
    }
    became
}
