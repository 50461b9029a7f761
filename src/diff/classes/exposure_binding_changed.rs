use super::Class;
use crate::diff::view::labels::Selector;
use crate::diff::view::routing::{self, GATEWAY_API};
use crate::diff::view::{At, gateways, names, network};
use crate::diff::{Change, Comparison, Finding, Object, Operation};
use crate::value::Risk;
use std::collections::{BTreeMap, BTreeSet};

pub(super) static CLASS: Class = Class { name: "exposure.binding_changed", find };

/// Who may bind routes to a listener, and whose services routes may name.
fn find(comparison: &Comparison<'_>, found: &mut Vec<Finding>) {
    for change in comparison.of_kind("networking.istio.io", "Gateway") {
        found.extend(of_doors(change, "hosts", hosts));
    }
    for change in comparison.of_kind(GATEWAY_API, "Gateway") {
        found.extend(of_doors(change, "allowedRoutes", listeners));
        found.extend(of_kinds(change));
    }
    for change in comparison.of_kind("", "Namespace") {
        found.extend(of_labels(comparison, change));
    }
    for change in comparison.changes.iter().filter(|change| routing::is_routes(change.id)) {
        found.extend(of_parents(comparison, change));
    }
    for change in comparison.of_kind(GATEWAY_API, "ReferenceGrant") {
        found.extend(of_grant(change));
    }
}

/// Whoever may bind a route to something: where it stands, what it is, and from which namespaces.
type Doors = BTreeMap<String, (String, BTreeSet<String>)>;

/// The hosts of Istio's listeners; one without a namespace before it is for all.
fn hosts(gateway: &Object) -> Doors {
    let own = names::namespace(gateway);
    let mut doors = Doors::new();
    for server in gateways::servers(Some(gateway)) {
        for text in server.at.key("hosts").texts() {
            let (namespace, host) = text.split_once('/').unwrap_or(("*", text));
            let namespace = if namespace == "." { own } else { namespace };
            let key = format!("{} at port {}", names::short(host), server.port);
            let door = doors.entry(key).or_insert_with(|| (server.pointer.clone(), BTreeSet::new()));
            door.1.insert(if namespace == "*" { EVERY.to_owned() } else { format!("namespace {namespace}") });
        }
    }
    doors
}

const EVERY: &str = "every namespace";

/// The listeners of the Gateway API; routes of the Gateway's own namespace may bind where nothing is said.
fn listeners(gateway: &Object) -> Doors {
    let own = names::namespace(gateway);
    let door = |server: gateways::Server<'_>| {
        let from = server.at.get("allowedRoutes.namespaces");
        let who = match from.key("from").text() {
            Some("All") => EVERY.to_owned(),
            Some("None") => "no namespace".to_owned(),
            Some("Selector") => format!("namespaces {}", Selector::of(from.key("selector")).told()),
            _ => format!("namespace {own}"),
        };
        let name = server.at.key("name").text().unwrap_or_default();
        (format!("listener {name}"), (server.pointer.clone(), BTreeSet::from([who])))
    };
    gateways::servers(Some(gateway)).into_iter().map(door).collect()
}

fn of_doors(change: &Change<'_>, field: &str, read: fn(&Object) -> Doors) -> Vec<Finding> {
    let (Some(old), Some(new)) = (change.before, change.after) else { return Vec::new() };
    let (before, after) = (read(old), read(new));
    let mut found = Vec::new();
    for (door, (pointer, now)) in &after {
        let Some((_, was)) = before.get(door).filter(|(_, was)| was != now) else { continue };
        let told = |all: &BTreeSet<String>| all.iter().cloned().collect::<Vec<_>>().join(", ");
        let is_wider = now.contains(EVERY) || (!was.contains(EVERY) && now.is_superset(was));
        let (risk, effect) = if is_wider {
            (
                Risk::High,
                "whoever writes routes there can take requests of these hosts, or open services to the outside",
            )
        } else {
            (Risk::High, "routes of other namespaces do not hold any more: their requests are answered with 404")
        };
        let (was, now) = (told(was), told(now));
        let what = format!("{door} of the gateway {} takes routes of {now} instead of {was}", gateways::name(new));
        found.push(
            Finding::new(&CLASS, risk, change, format!("{pointer}/{field}"), what)
                .effect(effect)
                .safe("name the namespaces that have routes there")
                .values(Some(was), Some(now)),
        );
    }
    found
}

/// Which kinds of routes a listener takes; those of its protocol where it names none.
/// <https://gateway-api.sigs.k8s.io/reference/spec/#allowedroutes>
fn kinds(server: &gateways::Server<'_>) -> BTreeSet<String> {
    let said = server.at.get("allowedRoutes.kinds").items();
    let said: BTreeSet<String> = said.filter_map(|at| Some(at.key("kind").text()?.to_owned())).collect();
    let of_protocol: &[&str] = match server.protocol.as_str() {
        "HTTP" | "HTTPS" => &["HTTPRoute", "GRPCRoute"],
        "TLS" if server.at.get("tls.mode").text() == Some("Passthrough") => &["TLSRoute"],
        "TLS" => &["TCPRoute", "TLSRoute"],
        "TCP" => &["TCPRoute"],
        _ => &[],
    };
    if said.is_empty() { of_protocol.iter().map(|kind| (*kind).to_owned()).collect() } else { said }
}

fn of_kinds(change: &Change<'_>) -> Vec<Finding> {
    let (old, new) = (gateways::servers(change.before), gateways::servers(change.after));
    let name = |server: &gateways::Server<'_>| server.at.key("name").text().unwrap_or_default().to_owned();
    let mut found = Vec::new();
    for (now, was) in new.iter().filter_map(|now| Some((now, old.iter().find(|was| name(was) == name(now))?))) {
        let (before, after) = (kinds(was), kinds(now));
        // What another protocol takes is told with the protocol.
        let is_said = [was, now].iter().any(|server| server.at.get("allowedRoutes.kinds").is_there());
        if before == after || !is_said {
            continue;
        }
        let told = |all: BTreeSet<String>| all.into_iter().collect::<Vec<_>>().join(" and ");
        let effect = match before.is_subset(&after) {
            true => "routes of that kind hold for its hosts too",
            false => "routes of other kinds do not hold any more: their requests are answered with 404",
        };
        let (before, after) = (told(before), told(after));
        let gateway = change.after.map(gateways::name).unwrap_or_default();
        let what = format!("listener {} of the gateway {gateway} takes {after} instead of {before}", name(now));
        found.push(
            Finding::new(&CLASS, Risk::High, change, format!("{}/allowedRoutes", now.pointer), what)
                .effect(effect)
                .safe("see which routes name the listener first")
                .values(Some(before), Some(after)),
        );
    }
    found
}

/// A namespace that has other labels than those by which listeners ask for the namespaces of their routes.
fn of_labels(comparison: &Comparison<'_>, change: &Change<'_>) -> Vec<Finding> {
    let (Some(old), Some(new)) = (change.before, change.after) else { return Vec::new() };
    let (was, is) = (network::labels_of(old), network::labels_of(new));
    if was == is {
        return Vec::new();
    }
    let mut found = Vec::new();
    for gateway in comparison.after.of_kind(GATEWAY_API, "Gateway") {
        for server in gateways::servers(Some(gateway)) {
            let from = server.at.get("allowedRoutes.namespaces");
            let asked = Selector::of(from.key("selector"));
            if from.key("from").text() != Some("Selector") || asked.selects(&was) == asked.selects(&is) {
                continue;
            }
            let (until, effect) = if asked.selects(&is) {
                ("too", "whoever writes routes there can take requests of these hosts, or open services to the outside")
            } else {
                ("no more", "routes of the namespace do not hold any more: their requests are answered with 404")
            };
            let what = format!(
                "listener {} of the gateway {} takes routes of namespace {} {until}: it asks for namespaces {}",
                server.at.key("name").text().unwrap_or_default(),
                gateways::name(gateway),
                change.id.name,
                asked.told()
            );
            found.push(
                Finding::new(&CLASS, Risk::High, change, "/metadata/labels", what)
                    .effect(effect)
                    .safe("ask for the namespace by its name: kubernetes.io/metadata.name"),
            );
        }
    }
    found
}

/// At which listeners of its parents a route holds.
fn of_parents(comparison: &Comparison<'_>, change: &Change<'_>) -> Vec<Finding> {
    let (Some(old), Some(new)) = (change.before, change.after) else { return Vec::new() };
    let (before, after) = (routing::sections(old), routing::sections(new));
    let mut found = Vec::new();
    for (parent, now) in &after {
        let Some(was) = before.get(parent).filter(|was| *was != now) else { continue };
        let meant = (gateways::meant(comparison.before, parent, was), gateways::meant(comparison.after, parent, now));
        if matches!(&meant, (Some(before), Some(after)) if before == after) {
            continue;
        }
        let told = |all: &BTreeSet<String>| all.iter().cloned().collect::<Vec<_>>().join(", ");
        let is_all = |all: &BTreeSet<String>| all.contains(routing::EVERY_LISTENER);
        let (risk, effect) = match (is_all(was) || was.is_superset(now), is_all(now) || now.is_superset(was)) {
            (true, _) => (Risk::High, "requests by its other listeners are answered with 404"),
            (false, true) => (
                Risk::High,
                "requests by its other listeners follow these routes too, in plain text where one of them is open for that",
            ),
            (false, false) => (
                Risk::High,
                "requests by the former listeners are answered with 404, and those by the new ones follow these routes",
            ),
        };
        let (was, now) = (told(was), told(now));
        let what = format!("the routes hold at {now} of {parent} instead of {was}");
        found.push(
            Finding::new(&CLASS, risk, change, routing::places(change.id)[1], what)
                .effect(effect)
                .safe("bind the routes to both first, and see in the access logs by which requests come")
                .values(Some(was), Some(now)),
        );
    }
    found
}

/// What a grant lets whom name.
fn grants(object: Option<&Object>) -> BTreeSet<String> {
    let spec = At::spec_of(object);
    let namespace = object.map_or("default", names::namespace);
    let text = |at: At<'_>, key: &str| at.key(key).text().unwrap_or_default().to_owned();
    let mut all = BTreeSet::new();
    for from in spec.key("from").items() {
        for to in spec.key("to").items() {
            let named = to.key("name").text().map(|name| format!(" {name}")).unwrap_or_default();
            all.insert(format!(
                "every {} of namespace {} may name {}{named} of {namespace}",
                text(from, "kind"),
                text(from, "namespace"),
                text(to, "kind"),
            ));
        }
    }
    all
}

fn of_grant(change: &Change<'_>) -> Vec<Finding> {
    let (old, new) = (grants(change.before), grants(change.after));
    let pointer = if change.operation() == Operation::Change { "/spec" } else { "" };
    let place = |key: &str| if pointer.is_empty() { String::new() } else { format!("{pointer}/{key}") };
    let of = |risk, all: Vec<&String>, end: &str, effect: &str| {
        let told: Vec<&str> = all.iter().map(|text| text.as_str()).collect();
        (!all.is_empty()).then(|| {
            Finding::new(&CLASS, risk, change, place("from"), format!("{}{end}", told.join("; "))).effect(effect)
        })
    };
    let gone = of(
        Risk::High,
        old.difference(&new).collect(),
        ": not any more",
        "requests of routes that do are answered with 500, and listeners without their certificate close",
    );
    let come = of(Risk::Medium, new.difference(&old).collect(), "", "requests can be led there from another namespace");
    gone.into_iter().chain(come).collect()
}
