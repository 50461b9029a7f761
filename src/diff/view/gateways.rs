//! Doors: which hosts and ports are open to the outside, and which routes stand behind them.

use super::routing::{self, GATEWAY_API};
use super::{At, names};
use crate::diff::{Change, Comparison, Object, Side};
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
    if gateway.is_some_and(|gateway| gateway.id.group == GATEWAY_API) {
        return listeners(gateway);
    }
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

/// The listeners of a Gateway of the Gateway API.
fn listeners(gateway: Option<&Object>) -> Vec<Server<'_>> {
    let listeners = At::spec_of(gateway).key("listeners").items().enumerate();
    let read = listeners.filter_map(|(index, at)| {
        Some(Server {
            pointer: format!("/spec/listeners/{index}"),
            at,
            port: at.key("port").whole()?,
            protocol: at.key("protocol").text().unwrap_or_default().to_ascii_uppercase(),
            hosts: [at.key("hostname").text().unwrap_or("*").to_ascii_lowercase()].into(),
        })
    });
    read.collect()
}

/// Every Gateway that changes, of either API.
pub(in crate::diff) fn changes<'c, 's>(comparison: &'c Comparison<'s>) -> impl Iterator<Item = &'c Change<'s>> {
    comparison.of_kind("networking.istio.io", "Gateway").chain(comparison.of_kind(GATEWAY_API, "Gateway"))
}

/// Every Gateway of a side, of either API.
pub(in crate::diff) fn of_side(side: &Side) -> impl Iterator<Item = &Object> {
    side.of_kind("networking.istio.io", "Gateway").chain(side.of_kind(GATEWAY_API, "Gateway"))
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
    let mut all = routing::gateways(Some(service));
    all.retain(|name| name != "mesh");
    all
}

/// The `VirtualServices` that are bound to a gateway.
pub(in crate::diff) fn behind<'s>(side: &'s Side, gateway: &str) -> impl Iterator<Item = &'s Object> {
    routing::of_side(side).filter(move |service| bound(service).iter().any(|own| own == gateway))
}

/// The hosts of a `VirtualService` that a gateway opens: all where the gateway is not among the objects.
pub(in crate::diff) fn opened(side: &Side, gateway: &str, service: &Object) -> BTreeSet<String> {
    let doors: Vec<&Object> = of_side(side).filter(|door| name(door) == gateway).collect();
    let own = routing::hosts(Some(service));
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
    pub(in crate::diff) change: &'c Change<'s>,
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
    for change in changes(comparison) {
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
    for change in comparison.changes.iter().filter(|change| routing::is_routes(change.id)) {
        let Some(service) = change.after else { continue };
        for gateway in bound(service) {
            let before = reachable(comparison.before, &gateway);
            for host in opened(comparison.after, &gateway, service) {
                let is_told = all.iter().any(|other| names::covers(&other.host, &host));
                if !is_told && !before.iter().any(|own| names::covers(own, &host)) {
                    all.push(Opened {
                        change,
                        pointer: routing::places(change.id)[0].to_owned(),
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
pub(in crate::diff) fn closed(change: &Change<'_>) -> Vec<(String, String)> {
    let (old, new) = (servers(change.before), servers(change.after));
    let mut all = Vec::new();
    for server in &old {
        let gone: Vec<&str> =
            server.hosts.iter().map(String::as_str).filter(|host| !is_open(&new, server.port, host)).collect();
        if !gone.is_empty() {
            let told = if gone == ["*"] { "every host".to_owned() } else { gone.join(", ") };
            all.push((format!("{}/hosts", server.pointer), format!("{told} at port {}", server.port)));
        }
    }
    all
}

/// The listeners of a parent of routes that are meant by what routes say of it, by name; none where the parent is not
/// among the objects.
pub(in crate::diff) fn meant(side: &Side, parent: &str, said: &BTreeSet<String>) -> Option<BTreeSet<String>> {
    let own = parent.strip_prefix("the gateway ")?;
    let gateway = side.of_kind(GATEWAY_API, "Gateway").find(|gateway| name(gateway) == own)?;
    let is_meant = |listener: &str, port: i64| {
        [routing::EVERY_LISTENER.to_owned(), format!("listener {listener}"), format!("port {port}")]
            .iter()
            .any(|one| said.contains(one))
    };
    let name = |server: &Server<'_>| server.at.key("name").text().unwrap_or_default().to_owned();
    let all = servers(Some(gateway)).into_iter().map(|server| (name(&server), server.port));
    Some(all.filter(|(listener, port)| is_meant(listener, *port)).map(|(listener, _)| listener).collect())
}
