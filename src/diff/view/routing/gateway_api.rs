//! Routes of the Gateway API, read as Istio reads them: not the first rule that matches counts, but the most exact one.
//! <https://gateway-api.sigs.k8s.io/reference/spec/#httprouterule>

use super::action::{Destination, Retries};
use super::predicate::{Condition, Matcher, Predicate, condition};
use super::table::Rule;
use crate::diff::view::{At, names};
use crate::diff::{Id, Object};
use std::collections::{BTreeMap, BTreeSet};

/// The group of its kinds.
pub(in crate::diff) const GROUP: &str = "gateway.networking.k8s.io";
/// Its kinds of routes.
pub(in crate::diff) const KINDS: [&str; 4] = ["HTTPRoute", "GRPCRoute", "TLSRoute", "TCPRoute"];
/// The names of the lists of its rules, of requests and of connections.
pub(super) const LISTS: [&str; 2] = ["rules", "connections"];

/// Whether an object is one of its routes.
pub(super) fn is_route(id: &Id) -> bool {
    id.group == GROUP && KINDS.contains(&id.kind.as_str())
}

/// What a route is bound to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Parent {
    /// A gateway.
    Gateway,
    /// A service, for its callers inside the mesh.
    Service,
    /// A `ServiceEntry`, for those who call its hosts from inside the mesh.
    /// <https://istio.io/latest/docs/tasks/traffic-management/egress/egress-gateway/>
    Entry,
}

impl Parent {
    fn of(at: At<'_>) -> Self {
        match at.key("kind").text() {
            Some("Service") => Parent::Service,
            Some("ServiceEntry") => Parent::Entry,
            _ => Parent::Gateway,
        }
    }
}

/// The parents of a route.
fn parents(route: &Object) -> impl Iterator<Item = (Parent, String, &str)> {
    let own = names::namespace(route);
    At::spec(route).key("parentRefs").items().filter_map(move |at| {
        let namespace = at.key("namespace").text().unwrap_or(own);
        Some((Parent::of(at), namespace.to_owned(), at.key("name").text()?))
    })
}

/// The hosts that a route holds for: those that it names; of callers inside the mesh the services that are its parents.
pub(super) fn hosts(route: &Object) -> BTreeSet<String> {
    let said = At::spec(route).key("hostnames").texts();
    let mut hosts: BTreeSet<String> = said.into_iter().map(str::to_ascii_lowercase).collect();
    let is_of_gateways = parents(route).any(|(parent, ..)| parent == Parent::Gateway);
    if hosts.is_empty() && is_of_gateways {
        hosts.insert("*".to_owned());
    }
    hosts.extend(parents(route).filter_map(|(parent, namespace, name)| match parent {
        Parent::Gateway => None,
        Parent::Service => Some(names::fqdn(name, &namespace)),
        Parent::Entry => Some(format!("ServiceEntry {namespace}/{name}")),
    }));
    hosts
}

/// The gateways that a route is bound to, `mesh` for callers inside the mesh.
pub(super) fn gateways(route: &Object) -> BTreeSet<String> {
    let name = |(parent, namespace, name): (Parent, String, &str)| {
        if parent == Parent::Gateway { format!("{namespace}/{name}") } else { "mesh".to_owned() }
    };
    parents(route).map(name).collect()
}

/// What is said of a parent whose listeners are not named.
pub(in crate::diff) const EVERY_LISTENER: &str = "every listener";

/// At which listeners or ports of its parents a route holds, by parent: `the gateway shop/public`.
pub(in crate::diff) fn sections(route: &Object) -> BTreeMap<String, BTreeSet<String>> {
    let own = names::namespace(route);
    let mut all: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    if !is_route(&route.id) {
        return all;
    }
    for at in At::spec(route).key("parentRefs").items() {
        let Some(name) = at.key("name").text() else { continue };
        let kind = match Parent::of(at) {
            Parent::Gateway => "gateway",
            Parent::Service => "service",
            Parent::Entry => "ServiceEntry",
        };
        let parent = format!("the {kind} {}/{name}", at.key("namespace").text().unwrap_or(own));
        let section = match (at.key("sectionName").text(), at.key("port").word()) {
            (Some(section), _) => format!("listener {section}"),
            (None, Some(port)) => format!("port {port}"),
            (None, None) => EVERY_LISTENER.to_owned(),
        };
        all.entry(parent).or_default().insert(section);
    }
    all
}

/// The rules of a route in the order in which they count: the most exact match first. A rule stands once for all of its
/// matches that follow each other.
pub(super) fn rules(route: &Object) -> Vec<Rule<'_>> {
    let namespace = names::namespace(route);
    let names = At::spec(route).key("hostnames").texts();
    let list = if matches!(route.id.kind.as_str(), "HTTPRoute" | "GRPCRoute") { LISTS[0] } else { LISTS[1] };
    let mut all: Vec<(Rank, Rule<'_>)> = Vec::new();
    for (index, at) in At::spec(route).key("rules").items().enumerate() {
        let rule = |takes| Rule { pointer: format!("/spec/rules/{index}"), at, namespace, takes, list, implied: None };
        let mut matches = at.key("matches").items().peekable();
        if matches.peek().is_none() {
            let takes = if route.id.kind == "TLSRoute" { of_names(&names) } else { Vec::new() };
            all.push((Rank::default(), rule(takes)));
        }
        for one in matches {
            let (rank, predicate) = read(one);
            all.push((rank, rule(if predicate.conditions.is_empty() { Vec::new() } else { vec![predicate] })));
        }
    }
    all.sort_by(|(one, _), (other, _)| other.cmp(one));
    let mut rules: Vec<Rule<'_>> = Vec::new();
    for (_, rule) in all {
        match rules.last_mut().filter(|last| last.pointer == rule.pointer && !last.takes.is_empty()) {
            Some(last) if rule.takes.is_empty() => last.takes.clear(),
            Some(last) => last.takes.extend(rule.takes),
            None => rules.push(rule),
        }
    }
    rules
}

/// How exact a match is: the kind of its path and the path's length, whether it asks for a method, and how many headers
/// and parameters it asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Rank(u8, usize, bool, usize, usize);

fn read(at: At<'_>) -> (Rank, Predicate) {
    let mut conditions = Vec::new();
    let path = at.key("path");
    let value = path.key("value").text().unwrap_or("/");
    let (kind, any) = match path.key("type").text() {
        Some("Exact") => (3, vec![Matcher::Exact(value.to_owned())]),
        Some("RegularExpression") => (1, vec![Matcher::regex(value)]),
        _ => (2, below(value)),
    };
    let mut rank = Rank(kind, value.len(), false, 0, 0);
    conditions.extend(condition("path", any));
    match at.key("method").text() {
        Some(method) => {
            rank.2 = true;
            conditions.extend(condition("method", vec![Matcher::Exact(method.to_owned())]));
        }
        None => conditions.extend(of_call(at.key("method")).and_then(|any| condition("path", vec![any]))),
    }
    for (key, of) in [("headers", "header"), ("queryParams", "query")] {
        for item in at.key(key).items() {
            let Some(name) = item.key("name").text() else { continue };
            let value = item.key("value").word().unwrap_or_default();
            let any = match item.key("type").text() {
                Some("RegularExpression") => Matcher::regex(&value),
                _ => Matcher::Exact(value),
            };
            let name = if of == "header" { name.to_ascii_lowercase() } else { name.to_owned() };
            conditions.extend(condition(format!("{of} {name}"), vec![any]));
        }
    }
    rank.3 = at.key("headers").items().count();
    rank.4 = at.key("queryParams").items().count();
    (rank, Predicate { conditions })
}

/// `/a` and what is below it, but not `/ab`; nothing is asked where it is every path.
fn below(path: &str) -> Vec<Matcher> {
    match path.trim_end_matches('/') {
        "" => Vec::new(),
        stem => vec![Matcher::Exact(stem.to_owned()), Matcher::Prefix(format!("{stem}/"))],
    }
}

/// The path of a call of gRPC.
fn of_call(at: At<'_>) -> Option<Matcher> {
    let text = |key: &str| at.key(key).text();
    match (text("service"), text("method")) {
        (Some(service), Some(method)) => Some(Matcher::Exact(format!("/{service}/{method}"))),
        (Some(service), None) => Some(Matcher::Prefix(format!("/{service}/"))),
        (None, Some(method)) => Some(Matcher::regex(&format!("/[^/]+/{method}"))),
        (None, None) => None,
    }
}

/// What names in TLS are asked for.
fn of_names(names: &[&str]) -> Vec<Predicate> {
    let any = names.iter().map(|name| match name.strip_prefix('*') {
        Some(suffix) => Matcher::Suffix(suffix.to_owned()),
        None => Matcher::Exact((*name).to_owned()),
    });
    let all: Vec<Condition> = condition("name in TLS", any.collect()).into_iter().collect();
    if all.is_empty() { Vec::new() } else { vec![Predicate { conditions: all }] }
}

/// The name of a field in these routes that says what `key` says in a `VirtualService`.
pub(super) fn named(key: &str) -> &str {
    match key {
        "match" => "matches",
        "route" => "backendRefs",
        "timeout" => "timeouts",
        "retries" => "retry",
        "hosts" => "hostnames",
        "gateways" => "parentRefs",
        _ => "filters",
    }
}

fn backend(at: At<'_>, share: f64, namespace: &str) -> Option<Destination> {
    let name = at.key("name").text()?;
    let own = at.key("namespace").text().unwrap_or(namespace);
    let host = if at.key("kind").text() == Some("Hostname") { name.to_owned() } else { names::fqdn(name, own) };
    Some(Destination { host, subset: None, port: at.key("port").whole(), share })
}

/// Where the requests of a rule go, each with its weight: one where none is said.
pub(super) fn destinations(rule: &Rule<'_>) -> Vec<(Destination, f64)> {
    let all = rule.at.key("backendRefs").items();
    let weight = |at: At<'_>| at.key("weight").number().unwrap_or(1.0);
    all.filter_map(|at| Some((backend(at, 0.0, rule.namespace)?, weight(at)))).collect()
}

fn filters<'s>(rule: &Rule<'s>, kind: &'static str, field: &'static str) -> impl Iterator<Item = At<'s>> {
    let all = rule.at.key("filters").items().filter(move |at| at.key("type").text() == Some(kind));
    all.map(move |at| at.key(field))
}

/// The copies of a rule; one without a percentage is of all requests.
pub(super) fn mirrors(rule: &Rule<'_>) -> Vec<Destination> {
    let all = filters(rule, "RequestMirror", "requestMirror");
    let share = |at: At<'_>| {
        let fraction = at.key("fraction");
        let of = fraction.key("denominator").number().filter(|of| *of > 0.0).unwrap_or(100.0);
        let part = fraction.key("numerator").number().map(|part| part / of * 100.0);
        at.key("percent").number().or(part).unwrap_or(100.0)
    };
    all.filter_map(|at| backend(at.key("backendRef"), share(at), rule.namespace)).collect()
}

/// How often requests are tried again, where something is said of it: twice unless it says how often, and after the same
/// failures as where nothing is said.
/// <https://github.com/istio/istio/blob/master/pilot/pkg/config/kube/gateway/conversion.go>
pub(super) fn retries(rule: &Rule<'_>, always: &[&str]) -> Option<Retries> {
    let at = rule.at.key("retry");
    let attempts = at.key("attempts").whole().unwrap_or(2);
    let codes = at.key("codes").items().filter_map(At::word);
    let on = always.iter().map(|on| (*on).to_owned()).chain(codes);
    let rest = at.key("backoff").canonical();
    at.is_there().then(|| Retries {
        attempts,
        per_try: limit(rule, "backendRequest"),
        on: if attempts == 0 { BTreeSet::new() } else { on.collect() },
        rest: if rest.is_empty() || attempts == 0 { Vec::new() } else { vec![format!("backoff {rest}")] },
    })
}

fn limit(rule: &Rule<'_>, key: &str) -> Option<f64> {
    rule.at.key("timeouts").key(key).milliseconds().filter(|limit| *limit > 0.0)
}

/// The limit of a rule in milliseconds. Where nothing is said of tries, Istio takes the limit of a single one for that of
/// the whole. <https://github.com/istio/istio/blob/master/pilot/pkg/config/kube/gateway/conversion.go>
pub(super) fn timeout(rule: &Rule<'_>) -> Option<f64> {
    let of_one = limit(rule, "backendRequest").filter(|_| !rule.at.key("retry").is_there());
    of_one.or_else(|| limit(rule, "request"))
}

/// What rules for pages of other origins say.
pub(super) fn cors<'s>(rule: &Rule<'s>) -> Option<At<'s>> {
    filters(rule, "CORS", "cors").next()
}

/// A redirect.
pub(super) fn answer(rule: &Rule<'_>) -> Vec<String> {
    let all = filters(rule, "RequestRedirect", "requestRedirect").flat_map(|at| {
        let mut said = fields(at, &["statusCode"]);
        said.push(format!("code {}", at.key("statusCode").whole().unwrap_or(302)));
        said
    });
    all.collect()
}

/// What is made of path and host.
pub(super) fn rewrite(rule: &Rule<'_>) -> Vec<String> {
    filters(rule, "URLRewrite", "urlRewrite").flat_map(|at| fields(at, &[])).collect()
}

/// The fields of a map but for some, each with what it says, in the order of their names.
fn fields(at: At<'_>, but: &[&str]) -> Vec<String> {
    let own = at.entries().iter().filter(|entry| !but.contains(&entry.key.as_str()));
    let mut said: Vec<String> = own
        .map(|entry| match At::of(Some(&entry.node)) {
            at if entry.key == "path" && at.key("replacePrefixMatch").text().is_some() => {
                format!("prefix {}", at.key("replacePrefixMatch").text().unwrap_or_default())
            }
            at if entry.key == "path" && at.key("replaceFullPath").text().is_some() => {
                format!("path {}", at.key("replaceFullPath").text().unwrap_or_default())
            }
            at => format!("{} {}", entry.key, at.canonical()),
        })
        .collect();
    said.sort();
    said
}

/// Headers that are set, added or removed, for the rule and for each of its destinations; and filters of which nothing is
/// known.
pub(super) fn headers(rule: &Rule<'_>) -> Vec<String> {
    const KNOWN: [&str; 4] = ["RequestMirror", "CORS", "RequestRedirect", "URLRewrite"];
    let told = |at: At<'_>| {
        let kind = at.key("type").text().unwrap_or_default();
        let (side, field) = match kind {
            "RequestHeaderModifier" => ("request", "requestHeaderModifier"),
            "ResponseHeaderModifier" => ("response", "responseHeaderModifier"),
            _ if KNOWN.contains(&kind) => return Vec::new(),
            _ => return vec![format!("filter {}", at.canonical())],
        };
        let of = |what: &'static str| {
            let all = at.key(field).key(what).items();
            all.filter_map(move |item| {
                let name = item.key("name").text()?.to_ascii_lowercase();
                Some(format!("{side} {what} {name}={}", item.key("value").word()?))
            })
        };
        let removed = at.key(field).key("remove").texts().into_iter();
        let removed = removed.map(|name| format!("{side} remove {}", name.to_ascii_lowercase()));
        of("set").chain(of("add")).chain(removed).collect()
    };
    let mut all: Vec<String> = rule.at.key("filters").items().flat_map(told).collect();
    for (index, backend) in rule.at.key("backendRefs").items().enumerate() {
        let own = backend.key("filters").items().flat_map(told);
        all.extend(own.map(|text| format!("#{index} {text}")));
    }
    all.sort();
    all
}
