use super::Class;
use crate::diff::view::gateways::{self, name, servers};
use crate::diff::view::{names, services};
use crate::diff::{Change, Comparison, Finding};
use crate::value::Risk;

pub(super) static CLASS: Class = Class { name: "exposure.port_opened", find };

fn find(comparison: &Comparison<'_>, found: &mut Vec<Finding>) {
    for change in comparison.of_kind("", "Service") {
        found.extend(of_service(change));
    }
    for change in gateways::changes(comparison) {
        let Some(gateway) = change.after else { continue };
        let (old, new) = (servers(change.before), servers(change.after));
        for (index, server) in new.iter().enumerate() {
            let is_told = new.iter().take(index).any(|other| other.port == server.port);
            let was = old.iter().find(|other| other.port == server.port);
            if is_told || was.is_some_and(|was| was.protocol == server.protocol) {
                continue;
            }
            let protocol = &server.protocol;
            let what = match was {
                None => format!(
                    "port {} ({protocol}) is open to the outside, by the gateway {}",
                    server.port,
                    name(gateway)
                ),
                Some(was) => format!(
                    "port {} speaks {protocol} instead of {}, by the gateway {}",
                    server.port,
                    was.protocol,
                    name(gateway)
                ),
            };
            let effect = match protocol.as_str() {
                "HTTP" | "GRPC" | "HTTP2" => "what is sent there travels in plain text up to the gateway",
                "TCP" | "MONGO" | "MYSQL" | "REDIS" => {
                    "raw connections are handed on: no access rule about paths or methods looks at them"
                }
                "TLS" if was.is_some_and(|was| ["HTTP", "HTTPS", "GRPC", "HTTP2"].contains(&was.protocol.as_str())) => {
                    "routes of requests do not hold there any more: connections are handed on by their name in TLS alone"
                }
                "HTTPS" if was.is_some() => "clients that send plain text or other bytes are refused",
                _ => "clients may open connections to it",
            };
            let pointer = format!("{}/port", server.pointer);
            found.push(
                Finding::new(&CLASS, Risk::High, change, pointer, what)
                    .effect(effect)
                    .safe("see that access rules, TLS and the load balancer are ready first"),
            );
        }
    }
}

/// A service that is open to the outside by itself.
fn of_service(change: &Change<'_>) -> Option<Finding> {
    let service = change.after?;
    let by = services::outside(service)?;
    if change.before.and_then(services::outside).as_ref() == Some(&by) {
        return None;
    }
    let ports: Vec<String> = services::ports(service).into_iter().map(|port| port.number).collect();
    let plural = if ports.len() == 1 { "" } else { "s" };
    let (ports, host) = (ports.join(", "), services::host(service));
    let what = format!("port{plural} {ports} of {} are open to the outside, by {by}", names::short(&host));
    let what = if plural.is_empty() { what.replacen(" are ", " is ", 1) } else { what };
    let finding = Finding::new(&CLASS, Risk::High, change, "/spec/type", what);
    Some(
        finding
            .effect("who comes that way passes no gateway: no host, route or certificate of one stands before the pods")
            .safe("lead the outside through a gateway; a gateway's own service is meant to be open"),
    )
}
