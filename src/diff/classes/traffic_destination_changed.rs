use super::Class;
use crate::diff::view::routing::{Destination, Part, Rule, destinations, listed};
use crate::diff::view::{At, entries, names, services, subsets, words};
use crate::diff::{Change, Comparison, Finding, Object};
use crate::value::Risk;

pub(super) static CLASS: Class = Class { name: "traffic.destination_changed", find };

fn find(comparison: &Comparison<'_>, found: &mut Vec<Finding>) {
    for (change, before, after) in comparison.routes() {
        if before.part(Part::Destinations) == after.part(Part::Destinations) {
            continue;
        }
        let old = services::with_ports(comparison.before, destinations(before));
        let new = services::with_ports(comparison.after, destinations(after));
        if before.at.key("delegate").canonical() != after.at.key("delegate").canonical() {
            let what = words::requests(after, before);
            found.push(
                Finding::new(&CLASS, Risk::High, change, after.field(before, "delegate"), what)
                    .of(after.told())
                    .effect(handed_on(comparison, after))
                    .values(Some(before.part(Part::Destinations)), Some(after.part(Part::Destinations))),
            );
        } else if old.is_empty() != new.is_empty() || is_elsewhere(comparison, before, after) {
            let finding = finding(comparison, change, before, after);
            // That a route begins or ends to be answered by the proxy is told as that.
            let is_told = before.is_led_on() != after.is_led_on() && finding.risk < Risk::Critical;
            found.extend((!is_told).then_some(finding));
        }
    }
    of_entries(comparison, found);
}

/// Where what the mesh knows of the outside is found.
fn of_entries(comparison: &Comparison<'_>, found: &mut Vec<Finding>) {
    for pair in entries::pairs(comparison) {
        let (Some(old), Some(new)) = (pair.before, pair.after) else { continue };
        let hosts: Vec<String> = entries::hosts(pair.after).into_iter().collect();
        if let Some((told, fields)) = entries::endpoints(old, new) {
            let fields: Vec<&str> = fields.iter().map(String::as_str).collect();
            let effect = match fields.as_slice() {
                ["weight"] => "calls are spread otherwise from one moment to the next",
                ["locality"] => "callers prefer other addresses by where they are",
                ["serviceAccount"] => "callers take only the new account for it: where it shows the former, calls fail",
                ["labels"] => "subsets and rules that go by labels find others",
                _ => "calls to it are led to other addresses or ports",
            };
            let what = format!("{}: {told}", hosts.join(", "));
            found.push(Finding::new(&CLASS, Risk::Medium, pair.change, "/spec/endpoints", what).effect(effect));
        }
        for key in ["addresses", "resolution", "ports", "location"] {
            let (before, after) = (addressed(old, key), addressed(new, key));
            if before == after
                || (key == "resolution"
                    && before.is_empty() != after.is_empty()
                    && [&before, &after].iter().any(|said| *said == "NONE"))
            {
                continue;
            }
            let told = |said: &str| {
                if said.is_empty() && key == "ports" {
                    "the same port".to_owned()
                } else if said.is_empty() {
                    "not said".to_owned()
                } else {
                    said.to_owned()
                }
            };
            let what = format!("{}: {key} {} -> {}", hosts.join(", "), told(&before), told(&after));
            let effect = match (key, after.as_str()) {
                ("location", "MESH_INTERNAL") => {
                    "it counts as a part of the mesh: callers speak mutual TLS with what of it has a proxy"
                }
                ("location", _) => {
                    "it counts as outside: callers do not speak mutual TLS with it, and its metrics and policies end there"
                }
                ("ports", _) => "calls to a port of it arrive at another one: where that speaks otherwise, they fail",
                _ => "calls to it are led to other addresses or ports",
            };
            found.push(
                Finding::new(&CLASS, Risk::Medium, pair.change, format!("/spec/{key}"), what)
                    .effect(effect)
                    .values(Some(before), Some(after)),
            );
        }
    }
}

/// What comes of handing requests on. Istio leaves a route out whose delegate it does not know.
fn handed_on(comparison: &Comparison<'_>, rule: &Rule<'_>) -> &'static str {
    let Some((namespace, name)) = rule.delegate() else {
        return "the routes of the delegate do not hold for them any more";
    };
    let mut all = comparison.after.of_kind("networking.istio.io", "VirtualService");
    match all.any(|object| names::namespace(object) == namespace && object.id.name == name) {
        true => "the routes of another object hold for them from now on",
        false => "there is no such object here: where nobody else has it, they are answered with 404",
    }
}

/// Whether requests go to a host or port that the rule did not name, or all of them to another subset. A destination that
/// stands there with no share, as canaries begin and end, is named.
pub(super) fn is_elsewhere(comparison: &Comparison<'_>, before: &Rule<'_>, after: &Rule<'_>) -> bool {
    let old = services::with_ports(comparison.before, destinations(before));
    let new = services::with_ports(comparison.after, destinations(after));
    let was_named = services::with_ports(comparison.before, listed(before));
    let is_named = services::with_ports(comparison.after, listed(after));
    let place = |to: &Destination| (to.host.clone(), to.port);
    let is_known = |to: &Destination, among: &[Destination]| among.iter().any(|other| place(other) == place(to));
    let is_other_place =
        new.iter().any(|to| !is_known(to, &was_named)) || old.iter().any(|to| !is_known(to, &is_named));
    is_other_place || !new.iter().any(|to| was_named.iter().any(|from| from.is_where(to)))
}

fn finding(comparison: &Comparison<'_>, change: &Change<'_>, before: &Rule<'_>, after: &Rule<'_>) -> Finding {
    let old = services::with_ports(comparison.before, destinations(before));
    let new = services::with_ports(comparison.after, destinations(after));
    // A request asks for a port of its own.
    let is_unsaid = |to: &Destination, other: &Destination| {
        (&to.host, &to.subset) == (&other.host, &other.subset) && (to.port.is_none() || other.port.is_none())
    };
    let is_any_port = !new.is_empty() && new.iter().all(|to| old.iter().any(|from| is_unsaid(to, from)));
    let share: f64 = new.iter().filter(|to| !old.iter().any(|from| from.is_where(to))).map(|to| to.share).sum();
    let lacking = new.iter().find(|to| {
        let lacks_port = || !old.iter().any(|from| from.port == to.port) && services::lacks_port(comparison.after, to);
        subsets::is_lacking(comparison, to) || lacks_service(comparison, &old, to) || lacks_port()
    });
    let risk = match share {
        _ if lacking.is_some() => Risk::Critical,
        _ if new.is_empty() => Risk::High,
        _ if is_any_port => Risk::Medium,
        ..=25.000_1 => Risk::Medium,
        _ => Risk::High,
    };
    let what = words::requests(after, before);
    let effect = match lacking {
        Some(to) => format!("nothing here defines {}: those requests fail with 503", to.told()),
        None if new.is_empty() => "requests do not reach a service any more".to_owned(),
        None if is_any_port => {
            "where no port is said, requests go to the one that they ask for; with one port alone nothing changes"
                .to_owned()
        }
        None if new.iter().all(|to| old.iter().any(|from| (&from.host, &from.subset) == (&to.host, &to.subset))) => {
            format!("{} of the requests of this route arrive at another port", words::percent(share))
        }
        None => format!("{} of the requests of this route are served by something else", words::percent(share)),
    };
    Finding::new(&CLASS, risk, change, after.field(before, "route"), what)
        .of(after.told())
        .effect(effect)
        .safe("lead a small share there first")
        .values(Some(before.part(Part::Destinations)), Some(after.part(Part::Destinations)))
}

/// Whether a service is new to a route, and is not there although the services of its namespace are.
fn lacks_service(comparison: &Comparison<'_>, old: &[Destination], to: &Destination) -> bool {
    let services = || comparison.after.of_kind("", "Service");
    let is_new = !old.iter().any(|from| from.host == to.host);
    // A name and a known namespace are no name of a service: Istio completes names without a dot alone.
    let half = || to.host.split_once('.').is_some_and(|(_, of)| is_namespace(comparison, of));
    let Some((name, namespace)) = names::service(&to.host).or_else(|| (is_new && half()).then_some(("", &to.host)))
    else {
        return false;
    };
    let is_in = |service: &Object| names::namespace(service) == namespace;
    let entries = || comparison.after.of_kind("networking.istio.io", "ServiceEntry");
    let is_entry = entries().any(|entry| {
        let hosts = At::spec(entry).key("hosts").texts();
        hosts.iter().any(|host| names::covers(host, &to.host))
    });
    let is_lacking = || services().any(is_in) && !services().any(|service| is_in(service) && service.id.name == name);
    is_new && !is_entry && (name.is_empty() || is_lacking())
}

/// Whether some object is in a namespace of this name.
fn is_namespace(comparison: &Comparison<'_>, name: &str) -> bool {
    comparison.after.objects().any(|object| object.id.namespace.as_deref() == Some(name))
}

/// Where an entry leads, in one spelling.
fn addressed(entry: &Object, key: &str) -> String {
    let at = At::spec(entry).key(key);
    match key {
        "ports" => {
            let target = |at: At<'_>| {
                let number = at.key("number").word()?;
                let to = at.key("targetPort").word().filter(|to| *to != number)?;
                Some(format!("{number} to {to}"))
            };
            at.items().filter_map(target).collect::<Vec<_>>().join(", ")
        }
        "resolution" => at.text().unwrap_or_default().to_owned(),
        "location" => at.text().unwrap_or("MESH_EXTERNAL").to_owned(),
        _ => at.set().join(", "),
    }
}
