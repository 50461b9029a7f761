use super::Class;
use crate::diff::view::routing::{Destination, Part, Rule, destinations};
use crate::diff::view::{At, entries, names, subsets, words};
use crate::diff::{Change, Comparison, Finding, Object};
use crate::value::Risk;

pub(super) static CLASS: Class = Class { name: "traffic.destination_changed", find };

fn find(comparison: &Comparison<'_>, found: &mut Vec<Finding>) {
    for (change, before, after) in comparison.routes() {
        if before.part(Part::Destinations) == after.part(Part::Destinations) {
            continue;
        }
        let (old, new) = (destinations(before), destinations(after));
        if before.at.key("delegate").canonical() != after.at.key("delegate").canonical() {
            let what = format!("{} is handed on to other routes", after.told());
            found.push(
                Finding::new(&CLASS, Risk::High, change, after.field(before, "delegate"), what)
                    .values(Some(before.part(Part::Destinations)), Some(after.part(Part::Destinations))),
            );
        } else if old.is_empty() != new.is_empty() || is_elsewhere(&old, &new) {
            found.push(finding(comparison, change, before, after));
        }
    }
    for pair in entries::pairs(comparison) {
        let (Some(old), Some(new)) = (pair.before, pair.after) else { continue };
        for key in ["endpoints", "addresses", "resolution", "ports"] {
            let (before, after) = (addressed(old, key), addressed(new, key));
            if before == after
                || (key == "resolution"
                    && before.is_empty() != after.is_empty()
                    && [&before, &after].iter().any(|said| *said == "NONE"))
            {
                continue;
            }
            let hosts: Vec<String> = entries::hosts(pair.after).into_iter().collect();
            let what = format!("{}: {key} {before} -> {after}", hosts.join(", "));
            found.push(
                Finding::new(&CLASS, Risk::Medium, pair.change, format!("/spec/{key}"), what)
                    .effect("calls to it are led to other addresses or ports")
                    .values(Some(before), Some(after)),
            );
        }
    }
}

/// Whether requests go to a host or port to which none went, or all of them to another subset.
fn is_elsewhere(old: &[Destination], new: &[Destination]) -> bool {
    let place = |to: &Destination| (to.host.clone(), to.port);
    let is_known = |to: &Destination, among: &[Destination]| among.iter().any(|other| place(other) == place(to));
    let is_other_place = new.iter().any(|to| !is_known(to, old)) || old.iter().any(|to| !is_known(to, new));
    is_other_place || !new.iter().any(|to| old.iter().any(|from| from.is_where(to)))
}

fn finding(comparison: &Comparison<'_>, change: &Change<'_>, before: &Rule<'_>, after: &Rule<'_>) -> Finding {
    let (old, new) = (destinations(before), destinations(after));
    let share: f64 = new.iter().filter(|to| !old.iter().any(|from| from.is_where(to))).map(|to| to.share).sum();
    let lacking = new.iter().find(|to| subsets::is_lacking(comparison, to) || lacks_service(comparison, &old, to));
    let risk = match share {
        _ if lacking.is_some() => Risk::Critical,
        _ if new.is_empty() => Risk::High,
        ..=25.000_1 => Risk::Medium,
        _ => Risk::High,
    };
    let what = format!("{}: requests {} now; before, they {}", after.told(), words::lead(after), words::lead(before));
    let effect = match lacking {
        Some(to) => format!("nothing here defines {}: those requests fail with 503", to.told()),
        None if new.is_empty() => "requests do not reach a service any more".to_owned(),
        None => format!("{} of the requests of this route are served by something else", words::percent(share)),
    };
    Finding::new(&CLASS, risk, change, after.field(before, "route"), what)
        .effect(effect)
        .safe("lead a small share there first")
        .values(Some(before.part(Part::Destinations)), Some(after.part(Part::Destinations)))
}

/// Whether a service is new to a route, and is not there although the services of its namespace are.
fn lacks_service(comparison: &Comparison<'_>, old: &[Destination], to: &Destination) -> bool {
    let services = || comparison.after.of_kind("", "Service");
    let Some((name, namespace)) = names::service(&to.host) else { return false };
    let is_in = |service: &Object| names::namespace(service) == namespace;
    let entries = || comparison.after.of_kind("networking.istio.io", "ServiceEntry");
    let is_entry = entries().any(|entry| {
        let hosts = At::spec(entry).key("hosts").texts();
        hosts.iter().any(|host| names::covers(host, &to.host))
    });
    !old.iter().any(|from| from.host == to.host)
        && !is_entry
        && services().any(is_in)
        && !services().any(|service| is_in(service) && service.id.name == name)
}

/// Where an entry leads, in one spelling.
fn addressed(entry: &Object, key: &str) -> String {
    let at = At::spec(entry).key(key);
    match key {
        "ports" => {
            let target = |at: At<'_>| Some(format!("{} to {}", at.key("number").word()?, at.key("targetPort").word()?));
            at.items().filter_map(target).collect::<Vec<_>>().join(", ")
        }
        "resolution" => at.text().unwrap_or_default().to_owned(),
        _ => at.set().join(", "),
    }
}
