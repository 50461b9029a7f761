//! Doors: which hosts and ports are open to the outside, and which routes stand behind them.

use super::{At, names};
use crate::diff::{Comparison, Object, Side};
use std::collections::BTreeSet;

/// A listener of a Gateway.
#[derive(Debug)]
pub(in crate::diff) struct Server<'s> {
    /// Where it stands.
    pub(in crate::diff) pointer: String,
    /// What it says.
    pub(in crate::diff) at: At<'s>,
    /// Its port.
    pub(in crate::diff) port: i64,
    /// Its protocol, in capitals.
    pub(in crate::diff) protocol: String,
    /// Its hosts, without the namespaces that may bind to them.
    pub(in crate::diff) hosts: BTreeSet<String>,
}

/// The listeners of a Gateway.
pub(in crate::diff) fn servers(gateway: Option<&Object>) -> Vec<Server<'_>> {
    let servers = At::spec_of(gateway).key("servers").items().enumerate();
    let read = servers.filter_map(|(index, at)| {
        let hosts = at.key("hosts").texts().into_iter();
        let host = |text: &str| text.rsplit('/').next().unwrap_or(text).to_ascii_lowercase();
        Some(Server {
            pointer: format!("/spec/servers/{index}"),
            at,
            port: at.get("port.number").whole()?,
            protocol: at.get("port.protocol").text().unwrap_or_default().to_ascii_uppercase(),
            hosts: hosts.map(host).collect(),
        })
    });
    read.collect()
}

/// Whether one of the listeners on a port is open for a host.
pub(in crate::diff) fn is_open(servers: &[Server<'_>], port: i64, host: &str) -> bool {
    servers.iter().any(|server| server.port == port && server.hosts.iter().any(|own| names::covers(own, host)))
}

/// Whether one of the listeners is open for a host.
pub(in crate::diff) fn is_known(servers: &[Server<'_>], host: &str) -> bool {
    servers.iter().any(|server| server.hosts.iter().any(|own| names::covers(own, host)))
}

/// A Gateway as `VirtualServices` name it.
pub(in crate::diff) fn name(gateway: &Object) -> String {
    format!("{}/{}", names::namespace(gateway), gateway.id.name)
}

/// The gateways that a `VirtualService` is bound to, callers inside the mesh left out.
pub(in crate::diff) fn bound(service: &Object) -> Vec<String> {
    let said = At::spec(service).key("gateways").texts().into_iter().filter(|name| *name != "mesh");
    said.map(|name| names::gateway(name, names::namespace(service))).collect()
}

/// The `VirtualServices` that are bound to a gateway.
pub(in crate::diff) fn behind<'s>(side: &'s Side, gateway: &str) -> impl Iterator<Item = &'s Object> {
    let services = side.of_kind("networking.istio.io", "VirtualService");
    services.filter(move |service| bound(service).iter().any(|own| own == gateway))
}

/// The hosts of a `VirtualService` that a gateway opens: all where the gateway is not among the objects.
pub(in crate::diff) fn opened(side: &Side, gateway: &str, service: &Object) -> BTreeSet<String> {
    let doors: Vec<&Object> =
        side.of_kind("networking.istio.io", "Gateway").filter(|door| name(door) == gateway).collect();
    let own = At::spec(service).key("hosts").texts();
    let own = own.into_iter().map(|host| names::fqdn(host, names::namespace(service)));
    let mut hosts = BTreeSet::new();
    for host in own {
        if doors.is_empty() {
            hosts.insert(host);
            continue;
        }
        for open in doors.iter().flat_map(|door| servers(Some(door))).flat_map(|server| server.hosts) {
            if names::covers(&open, &host) {
                hosts.insert(host.clone());
            } else if names::covers(&host, &open) {
                hosts.insert(open);
            }
        }
    }
    hosts
}

/// The hosts that a gateway opens with a route behind, on one side.
pub(in crate::diff) fn reachable(side: &Side, gateway: &str) -> BTreeSet<String> {
    behind(side, gateway).flat_map(|service| opened(side, gateway, service)).collect()
}

/// A host that is open now and was not.
#[derive(Debug)]
pub(in crate::diff) struct Opened<'c, 's> {
    /// The change that opens it.
    pub(in crate::diff) change: &'c crate::diff::Change<'s>,
    /// Where it stands.
    pub(in crate::diff) pointer: String,
    /// The host.
    pub(in crate::diff) host: String,
    /// By which gateway and port.
    pub(in crate::diff) by: String,
    /// Whether a route stands behind it.
    pub(in crate::diff) is_served: bool,
}

/// The hosts that are open now and were not.
pub(in crate::diff) fn opened_hosts<'c, 's>(comparison: &'c Comparison<'s>) -> Vec<Opened<'c, 's>> {
    let mut all = Vec::new();
    for change in comparison.of_kind("networking.istio.io", "Gateway") {
        let Some(gateway) = change.after else { continue };
        let (old, new) = (servers(change.before), servers(change.after));
        let served = reachable(comparison.after, &name(gateway));
        for server in &new {
            let is_old_port = old.iter().any(|other| other.port == server.port);
            let is_new = |host: &str| !is_known(&old, host) || (is_old_port && !is_open(&old, server.port, host));
            for host in server.hosts.iter().filter(|host| is_new(host)) {
                if all.iter().any(|other: &Opened<'_, '_>| other.change.id == change.id && other.host == *host) {
                    continue;
                }
                let is_served = served.iter().any(|own| names::covers(own, host) || names::covers(host, own));
                let by = format!("{} port {}", name(gateway), server.port);
                all.push(Opened {
                    change,
                    pointer: format!("{}/hosts", server.pointer),
                    host: host.clone(),
                    by,
                    is_served,
                });
            }
        }
    }
    for change in comparison.of_kind("networking.istio.io", "VirtualService") {
        let Some(service) = change.after else { continue };
        for gateway in bound(service) {
            let before = reachable(comparison.before, &gateway);
            for host in opened(comparison.after, &gateway, service) {
                let is_told = all.iter().any(|other| names::covers(&other.host, &host));
                if !is_told && !before.iter().any(|own| names::covers(own, &host)) {
                    all.push(Opened {
                        change,
                        pointer: "/spec/hosts".to_owned(),
                        host,
                        by: gateway.clone(),
                        is_served: true,
                    });
                }
            }
        }
    }
    all
}

/// The hosts and ports that are not open any more: where they stood, and what they were.
pub(in crate::diff) fn closed(change: &crate::diff::Change<'_>) -> Vec<(String, String)> {
    let (old, new) = (servers(change.before), servers(change.after));
    let mut all = Vec::new();
    for server in &old {
        let gone: Vec<&str> =
            server.hosts.iter().map(String::as_str).filter(|host| !is_open(&new, server.port, host)).collect();
        if !gone.is_empty() {
            all.push((format!("{}/hosts", server.pointer), format!("{} at port {}", gone.join(", "), server.port)));
        }
    }
    all
}
