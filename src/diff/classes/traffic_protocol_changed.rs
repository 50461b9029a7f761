use super::Class;
use crate::diff::view::services::{self, Protocol};
use crate::diff::view::{At, entries, names, policy};
use crate::diff::{Comparison, Finding};
use crate::value::Risk;

pub(super) static CLASS: Class = Class { name: "traffic.protocol_changed", find };

fn find(comparison: &Comparison<'_>, found: &mut Vec<Finding>) {
    for change in comparison.of_kind("", "Service") {
        let (Some(old), Some(new)) = (change.before, change.after) else { continue };
        let (before, host) = (services::ports(old), services::host(new));
        for port in services::ports(new) {
            let Some(was) = before.iter().find(|other| other.number == port.number) else { continue };
            if was.protocol != port.protocol {
                let of = format!("port {} of {}", port.number, names::short(&host));
                let pointer = format!("{}/{}", port.pointer, port.said);
                found.push(finding(change, pointer, &of, (&was.protocol, &port.protocol)));
            }
        }
    }
    for pair in entries::pairs(comparison) {
        let (old, new) = (entries::protocols(pair.before), entries::protocols(pair.after));
        let hosts: Vec<String> = entries::hosts(pair.after).into_iter().collect();
        for (number, protocol) in &new {
            let Some(was) = old.get(number).filter(|was| *was != protocol) else { continue };
            let of = format!("port {number} of {}", hosts.join(", "));
            found.push(finding(pair.change, "/spec/ports".to_owned(), &of, (was, protocol)));
        }
    }
    of_pools(comparison, found);
}

fn finding(change: &crate::diff::Change<'_>, pointer: String, of: &str, (old, new): (&Protocol, &Protocol)) -> Finding {
    let (risk, effect) = match (old, new) {
        (Protocol::Requests(_), Protocol::Requests("HTTP")) => {
            (Risk::Medium, "callers speak HTTP/1.1 to it: gRPC and what needs HTTP/2 fails")
        }
        (Protocol::Requests(_), Protocol::Requests(_)) => {
            (Risk::High, "callers speak HTTP/2 to it: a service that knows HTTP/1.1 alone answers none of them")
        }
        (Protocol::Requests(_), Protocol::Bytes(_)) => (
            Risk::High,
            "proxies do not see requests any more: no routes, retries and timeouts, and access rules about paths, methods or tokens let nothing through, or refuse nothing where they deny",
        ),
        (Protocol::Bytes(_), Protocol::Requests(_)) => {
            (Risk::High, "proxies read what is sent as requests: what is none is refused, and routes begin to hold")
        }
        (Protocol::Bytes(_), Protocol::Bytes(_)) => (Risk::Medium, "proxies tell connections apart by other bytes"),
        (Protocol::FoundOut, Protocol::Requests(_)) => (Risk::Low, "nothing where it did speak so already"),
        (Protocol::FoundOut, Protocol::Bytes(_)) => {
            (Risk::High, "where it speaks HTTP, routes and rules about requests do not hold any more")
        }
        (Protocol::Requests(_) | Protocol::Bytes(_) | Protocol::FoundOut, Protocol::FoundOut) => {
            (Risk::Medium, "proxies guess by the first bytes: where the service speaks first, connections hang")
        }
    };
    let what = format!("{of} is taken for {} instead of {}", new.told(), old.told());
    let finding = Finding::new(&CLASS, risk, change, pointer, what).effect(effect);
    finding
        .safe(if risk > Risk::Low { "add a second port with the new protocol, and move callers to it" } else { "" })
        .values(Some(old.told().to_owned()), Some(new.told().to_owned()))
}

/// Whether callers speak HTTP/2 to a host although its port does not say so.
fn of_pools(comparison: &Comparison<'_>, found: &mut Vec<Finding>) {
    let read = |at: At<'_>| {
        let upgrade = at.get("http.h2UpgradePolicy").text().filter(|said| *said != "DEFAULT").unwrap_or("DEFAULT");
        (upgrade.to_owned(), at.get("http.useClientProtocol").flag())
    };
    for step in policy::steps(comparison, "connectionPool", read) {
        let told = |(upgrade, is_clients): &(String, bool)| match (upgrade.as_str(), is_clients) {
            (_, true) => "the client's version of HTTP",
            ("UPGRADE", false) => "HTTP/2 always",
            ("DO_NOT_UPGRADE", false) => "what its port says",
            (_, false) => "what the mesh says",
        };
        let (before, after) = (told(&step.old), told(&step.new));
        let key = if step.old.1 == step.new.1 { "h2UpgradePolicy" } else { "useClientProtocol" };
        let what = format!("calls to {} are sent in {after} instead of {before}", step.told());
        let risk = if step.new.0 == "UPGRADE" { Risk::High } else { Risk::Medium };
        found.push(
            Finding::new(&CLASS, risk, step.change, format!("{}/http/{key}", step.pointer), what)
                .effect("a service that does not know that version answers none of them")
                .safe("try it with a subset that gets a small share first")
                .values(Some(before.to_owned()), Some(after.to_owned())),
        );
    }
}
