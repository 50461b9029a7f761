use super::Class;
use crate::diff::view::mtls::{Labels, labels, selects};
use crate::diff::view::{At, entries, names, services, workloads};
use crate::diff::{Change, Comparison, Finding, Object, Operation, Side};
use crate::value::Risk;
use std::collections::BTreeSet;

pub(super) static CLASS: Class = Class { name: "traffic.endpoints_changed", find };

fn find(comparison: &Comparison<'_>, found: &mut Vec<Finding>) {
    for change in comparison.of_kind("", "Service") {
        match (change.before, change.after) {
            (Some(old), Some(new)) => {
                found.extend(of_selector(comparison, change, old, new));
                found.extend(of_ports(change, (comparison.before, comparison.after), old, new));
            }
            (Some(old), None) => {
                let what = format!("the service {} is gone", names::short(&services::host(old)));
                found.push(
                    Finding::new(&CLASS, Risk::High, change, "", what)
                        .effect("its name is not known any more: calls to it fail")
                        .safe("see in the metrics that nobody calls it any more"),
                );
            }
            (None, Some(_) | None) => {}
        }
    }
    for change in comparison.of_kind("networking.istio.io", "ServiceEntry") {
        if let (Some(old), Some(new)) = (change.before, change.after) {
            found.extend(of_entry_selector(comparison, change, old, new));
        }
    }
    for change in &comparison.changes {
        let object = change.after.or(change.before);
        if object.is_some_and(workloads::makes_pods) {
            found.extend(of_labels(comparison, change));
            found.extend(of_entry(change));
        }
    }
    for change in comparison.of_kind("networking.istio.io", "Sidecar") {
        found.extend(of_ingress(change));
    }
}

fn told(labels: &Labels) -> String {
    let all: Vec<String> = labels.iter().map(|(key, value)| format!("{key}={value}")).collect();
    if all.is_empty() { "that somebody else names".to_owned() } else { all.join(",") }
}

fn of_selector(comparison: &Comparison<'_>, change: &Change<'_>, old: &Object, new: &Object) -> Option<Finding> {
    let selector = |object| labels(At::spec(object).key("selector"));
    let (before, after) = (selector(old), selector(new));
    let (alias, was_alias) = (services::alias(new), services::alias(old));
    if alias != was_alias {
        let told = |alias: Option<&str>, pods: &Labels| {
            alias.map_or_else(|| format!("pods {}", told(pods)), |host| format!("another name, {host}"))
        };
        let (was, is) = (told(was_alias, &before), told(alias, &after));
        let what = format!("{} leads to {is} instead of {was}", names::short(&services::host(new)));
        let finding = Finding::new(&CLASS, Risk::High, change, "/spec/externalName", what).values(Some(was), Some(is));
        return Some(
            finding.effect("calls to it are answered by somebody else, and its routes and subsets find no pods of it"),
        );
    }
    if before == after || alias.is_some() {
        return None;
    }
    let (risk, effect) = chosen(comparison, new, &before, &after);
    let host = services::host(new);
    let what = format!("{} leads to pods {} instead of pods {}", names::short(&host), told(&after), told(&before));
    let finding = Finding::new(&CLASS, risk, change, "/spec/selector", what).effect(effect);
    Some(finding.safe(safe(risk)).values(Some(told(&before)), Some(told(&after))))
}

/// The pods and machines that an entry leads to by their labels.
fn of_entry_selector(comparison: &Comparison<'_>, change: &Change<'_>, old: &Object, new: &Object) -> Option<Finding> {
    let selector = |object| labels(At::spec(object).get("workloadSelector.labels"));
    let (before, after) = (selector(old), selector(new));
    if before == after {
        return None;
    }
    let (risk, effect) = chosen(comparison, new, &before, &after);
    let hosts: Vec<String> = entries::hosts(Some(new)).into_iter().collect();
    let hosts: Vec<&str> = hosts.iter().map(|host| names::short(host)).collect();
    let of = |labels: &Labels| {
        if labels.is_empty() { "its own endpoints".to_owned() } else { format!("pods and machines {}", told(labels)) }
    };
    let what = format!("{} leads to {} instead of {}", hosts.join(", "), of(&after), of(&before));
    let finding = Finding::new(&CLASS, risk, change, "/spec/workloadSelector", what).effect(effect);
    Some(finding.safe(safe(risk)).values(Some(of(&before)), Some(of(&after))))
}

fn safe(risk: Risk) -> &'static str {
    if risk > Risk::Low { "add a second service for the new pods, and lead requests to it step by step" } else { "" }
}

/// What comes of it that a service or an entry chooses by other labels.
fn chosen(comparison: &Comparison<'_>, new: &Object, before: &Labels, after: &Labels) -> (Risk, String) {
    let pods = |selector: &Labels| -> Vec<String> {
        let all = workloads::of_namespace(comparison.after, names::namespace(new));
        let own = all.filter(|object| !selector.is_empty() && selects(selector, &workloads::labels_of(object)));
        own.map(|object| object.id.to_string()).collect()
    };
    let (were, are) = (pods(before), pods(after));
    let gone: Vec<&str> = were.iter().filter(|own| !are.contains(own)).map(String::as_str).collect();
    match (were.is_empty(), are.is_empty()) {
        (false, true) => (Risk::Critical, "no workload here has these labels: calls to it fail with 503".to_owned()),
        (false, false) if were == are => (Risk::Low, "the workloads here that have them are the same".to_owned()),
        (false, false) if !gone.is_empty() => {
            (Risk::High, format!("no call of it comes to {} any more", gone.join(", ")))
        }
        (false, false) => (Risk::High, format!("calls to it are also answered by other pods: {}", are.join(", "))),
        (true, _) => {
            (Risk::High, "calls to it are answered by other pods; where no pod has these labels, with 503".to_owned())
        }
    }
}

fn of_ports(change: &Change<'_>, sides: (&Side, &Side), old: &Object, new: &Object) -> Vec<Finding> {
    let host = services::host(new);
    let name = names::short(&host);
    let (before, after) = (services::ports(old), services::ports(new));
    let mut found = Vec::new();
    for port in &before {
        match after.iter().find(|other| other.number == port.number) {
            None => found.push(
                Finding::new(
                    &CLASS,
                    Risk::High,
                    change,
                    "/spec/ports",
                    format!("port {} of {name} is gone", port.number),
                )
                .effect("calls to it fail: no proxy knows the port any more")
                .safe("keep both ports until nobody calls the old one"),
            ),
            Some(now) if !services::lead_alike((sides.0, old, port), (sides.1, new, now)) => {
                let what = format!(
                    "port {} of {name} leads to port {} of its pods instead of {}",
                    port.number, now.target, port.target
                );
                found.push(
                    Finding::new(&CLASS, Risk::High, change, format!("{}/targetPort", now.pointer), what)
                        .effect("where pods do not listen there, calls to it fail with 503; rules of access for ports name this one")
                        .safe("let pods listen on both first")
                        .values(Some(port.target.clone()), Some(now.target.clone())),
                );
            }
            Some(_) => {}
        }
    }
    for port in after.iter().filter(|port| !before.iter().any(|other| other.number == port.number)) {
        let what = format!("port {} of {name} is new", port.number);
        found.push(
            Finding::new(&CLASS, Risk::Low, change, &port.pointer, what)
                .effect("it can be called, by whom access rules let in"),
        );
    }
    let (was, is) = (services::outside(old), services::outside(new));
    if was.is_some() && is.is_none() {
        let what = format!("{name} is not open to the outside any more, by {}", was.unwrap_or_default());
        found.push(
            Finding::new(&CLASS, Risk::High, change, "/spec/type", what)
                .effect("clients from outside that call it there are refused")
                .safe("move them to a gateway first"),
        );
    }
    found
}

/// What leads to pods of a workload and did not, or the other way round.
fn of_labels(comparison: &Comparison<'_>, change: &Change<'_>) -> Option<Finding> {
    let object = change.after.or(change.before)?;
    let namespace = names::namespace(object);
    let led = |side, object: Option<&Object>| {
        object.map(|object| workloads::led_to(side, namespace, &workloads::labels_of(object))).unwrap_or_default()
    };
    let (before, after) = (led(comparison.before, change.before), led(comparison.after, change.after));
    let stands = |name: &&String| still_leads(comparison, namespace, name);
    let gone: Vec<&String> = before.difference(&after).filter(stands).collect();
    let new: Vec<&String> = after.difference(&before).collect();
    let list = |all: &[&String]| all.iter().map(|name| name.as_str()).collect::<Vec<_>>().join(", ");
    let others: BTreeSet<String> = workloads::of_namespace(comparison.after, namespace)
        .flat_map(|other| workloads::led_to(comparison.after, namespace, &workloads::labels_of(other)))
        .collect();
    let lonely: Vec<&String> = gone.iter().copied().filter(|name| !others.contains(*name)).collect();
    let pods = workloads::told(object);
    let verb = |one: &'static str, more: &'static str, count: usize| if count == 1 { one } else { more };
    let lose = format!("{} {} {pods}", list(&gone), verb("loses", "lose", gone.len()));
    let gain = format!("{} {} {pods}", list(&new), verb("gains", "gain", new.len()));
    let pointer = if object.id.kind == "WorkloadEntry" {
        "/spec/labels".to_owned()
    } else {
        format!("{}/metadata/labels", workloads::template(object).1)
    };
    let pointer = if change.operation() == Operation::Change { pointer } else { String::new() };
    let finding = |risk, what, effect: String| Some(Finding::new(&CLASS, risk, change, &pointer, what).effect(effect));
    match (gone.is_empty(), change.operation()) {
        (false, _) if !lonely.is_empty() => finding(
            Risk::Critical,
            lose,
            format!("no workload here is left for {}: calls that are led there fail with 503", list(&lonely)),
        )
        .map(|finding| finding.safe("let others have the labels first")),
        (false, operation) => finding(
            if operation == Operation::Delete { Risk::Medium } else { Risk::High },
            lose,
            "others that have the labels get their calls too".to_owned(),
        )
        .map(|finding| finding.safe("see that the others bear it")),
        (true, Operation::Change) if !new.is_empty() => {
            finding(Risk::Medium, gain, "a share of its calls goes to them".to_owned())
        }
        (true, Operation::Change) if object.id.kind == "WorkloadEntry" && is_labelled_otherwise(change) => finding(
            Risk::Low,
            format!("{pods} has other labels, and nothing here chooses it by them"),
            "services, subsets and rules elsewhere that do find it by them, or do not any more".to_owned(),
        ),
        (true, _) => None,
    }
}

fn is_labelled_otherwise(change: &Change<'_>) -> bool {
    let said = |object: Option<&Object>| object.map(workloads::labels_of);
    said(change.before) != said(change.after)
}

/// Whether what a name stands for is still there.
fn still_leads(comparison: &Comparison<'_>, namespace: &str, name: &str) -> bool {
    let services = comparison.after.of_kind("", "Service").filter(|service| names::namespace(service) == namespace);
    let mut services = services.map(|service| service.id.name.as_str());
    name.strip_prefix("the service ").is_none_or(|own| services.any(|other| other == own))
}

/// Where a workload stands that has an address of its own.
fn of_entry(change: &Change<'_>) -> Option<Finding> {
    let (old, new) = (change.before?, change.after?);
    if new.id.kind != "WorkloadEntry" {
        return None;
    }
    let key = ["address", "ports", "network", "locality", "weight"]
        .into_iter()
        .find(|key| At::spec(old).key(key).canonical() != At::spec(new).key(key).canonical())?;
    let said = |object| At::spec(object).key(key).canonical();
    let told = |text: String| if text.is_empty() { "none".to_owned() } else { text };
    let (before, after) = (told(said(old)), told(said(new)));
    let what = format!("{key} of {}: {before} -> {after}", new.id);
    let finding = Finding::new(&CLASS, Risk::Medium, change, format!("/spec/{key}"), what);
    Some(finding.effect("calls to the hosts that select it are led elsewhere").values(Some(before), Some(after)))
}

/// Where what comes in at the pods of a Sidecar is handed to.
fn of_ingress(change: &Change<'_>) -> Vec<Finding> {
    let ports = |object: Option<&Object>| -> Vec<(String, String)> {
        let all = At::spec_of(object).key("ingress").items();
        all.map(|at| {
            let to = at.key("defaultEndpoint").text().unwrap_or("the same port of the pod");
            (at.get("port.number").word().unwrap_or_default(), to.to_owned())
        })
        .collect()
    };
    let (old, new) = (ports(change.before), ports(change.after));
    if old.is_empty() && new.is_empty() || change.operation() != Operation::Change {
        return Vec::new();
    }
    let mut found = Vec::new();
    let told =
        |to: Option<&(String, String)>| to.map_or_else(|| "nowhere that it names".to_owned(), |(_, to)| to.clone());
    let numbers: BTreeSet<&String> = old.iter().chain(&new).map(|(port, _)| port).collect();
    for number in numbers {
        let of = |all: &[(String, String)]| told(all.iter().find(|(port, _)| port == number));
        let (before, after) = (of(&old), of(&new));
        if before != after {
            let what = format!("what comes in at port {number} goes to {after} instead of {before}");
            found.push(
                Finding::new(&CLASS, Risk::High, change, "/spec/ingress", what)
                    .effect("where nothing listens there, every call to these pods fails with 503")
                    .values(Some(before), Some(after)),
            );
        }
    }
    found
}
