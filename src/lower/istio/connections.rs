//! Rules for connections: of TCP by their port, of TLS by the server that the client asks for too.

use super::super::Lowering;
use super::destination::{HostHeader, Sender};
use super::request::{Source, sources};
use crate::ir::{Action, Caller, Exposure, Lines, Peer, RequestMatch, Route, Service, ServiceId};
use crate::manifest::istio::{RouteDestination, TcpMatch, TcpRoute, TlsMatch, TlsRoute};
use crate::source::Decided;
use crate::value::{HostPattern, Port, ProtocolKind};
use smol_str::{SmolStr, ToSmolStr, format_smolstr};

/// The rules of a service for connections of a kind, with the port that they are for. From the first rule on, a
/// connection that no rule matches hangs: so there are some only where a version or a route needs them.
fn senders(id: ServiceId, service: &Service, kind: ProtocolKind) -> impl Iterator<Item = Sender<'_>> {
    let is_needed = !service.versions.is_empty() || routes(service, kind).next().is_some();
    let ports = service.ports.iter().filter(move |port| is_needed && port.protocol.kind() == kind);
    ports.map(move |port| Sender { id, service, port: port.number.value })
}

fn routes(service: &Service, kind: ProtocolKind) -> impl Iterator<Item = &Route> {
    service.routes.iter().filter(move |route| route.kind == kind)
}

/// The rules for plain connections.
pub(super) fn tcp(lowering: &Lowering<'_>, id: ServiceId, service: &Service) -> Vec<TcpRoute> {
    let mut rules = Vec::new();
    for sender in senders(id, service, ProtocolKind::Tcp) {
        for route in routes(service, ProtocolKind::Tcp) {
            let asked = asked(lowering, route, sender.port).map(|asked| asked.tcp(sender.port));
            let matches = untaken(asked, rules.iter().flat_map(|rule: &TcpRoute| &rule.matches));
            if !matches.is_empty() {
                rules.push(TcpRoute { matches, route: target(lowering, &sender, route.action.as_ref()) });
            }
        }
        let rest = std::iter::once(Asked::default().tcp(sender.port));
        let matches = untaken(rest, rules.iter().flat_map(|rule: &TcpRoute| &rule.matches));
        if !matches.is_empty() {
            rules.push(TcpRoute { matches, route: sender.default_target(lowering) });
        }
    }
    rules
}

/// The rules for connections whose client names the server, and every such name; each must be a host of the
/// `VirtualService` too.
pub(super) fn tls(lowering: &Lowering<'_>, id: ServiceId, service: &Service) -> (Vec<TlsRoute>, Vec<SmolStr>) {
    let names = server_names(lowering, id, service);
    let mut rules = Vec::new();
    for sender in senders(id, service, ProtocolKind::Tls) {
        for route in routes(service, ProtocolKind::Tls) {
            let asked = asked(lowering, route, sender.port).flat_map(|asked| asked.tls(sender.port, &names));
            let matches = untaken(asked, rules.iter().flat_map(|rule: &TlsRoute| &rule.matches));
            if !matches.is_empty() {
                rules.push(TlsRoute { matches, route: target(lowering, &sender, route.action.as_ref()) });
            }
        }
        let rest = Asked::default().tls(sender.port, &names).into_iter();
        let matches = untaken(rest, rules.iter().flat_map(|rule: &TlsRoute| &rule.matches));
        if !matches.is_empty() {
            rules.push(TlsRoute { matches, route: sender.default_target(lowering) });
        }
    }
    (rules, names)
}

/// What no earlier rule asks for already: Istio warns of a match that is never used.
fn untaken<'e, M: PartialEq + 'e>(asked: impl Iterator<Item = M>, earlier: impl Iterator<Item = &'e M>) -> Vec<M> {
    let earlier: Vec<&M> = earlier.collect();
    let mut untaken = Vec::new();
    for asked in asked {
        if !earlier.contains(&&asked) && !untaken.contains(&asked) {
            untaken.push(asked);
        }
    }
    untaken
}

/// Where the connections of an exposure go: by the first route that holds for all of them, since at a gateway Istio takes
/// one rule of a port. Which pods a client reached there nobody chose, so a route by destination is none of them.
pub(super) fn at_gateway(lowering: &Lowering<'_>, sender: &Sender<'_>, exposure: &Exposure) -> Vec<RouteDestination> {
    let here = |caller: &Caller| caller.peer == Peer::Gateway(exposure.gateway);
    let holds = |request: &RequestMatch| {
        let Lines { ports, from, server_names, destinations, .. } = &request.lines;
        let names = |host: &HostPattern| server_names.iter().any(|name| name.value.covers(host));
        let is_here = (ports.is_empty() || ports.iter().any(|port| port.value == sender.port))
            && (from.is_empty() || from.iter().any(here));
        is_here && destinations.is_empty() && (server_names.is_empty() || exposure.host().is_some_and(names))
    };
    let kind = sender.service.port(sender.port).map_or(exposure.kind, |port| port.protocol.kind());
    let all = |route: &&Route| route.matches.is_empty() || route.matches.iter().any(holds);
    let route = routes(sender.service, kind).find(all);
    target(lowering, sender, route.and_then(|route| route.action.as_ref()))
}

fn target(lowering: &Lowering<'_>, sender: &Sender<'_>, action: Option<&Decided<Action>>) -> Vec<RouteDestination> {
    match action {
        Some(action) => sender.targets(lowering, action, HostHeader::Kept),
        None => sender.default_target(lowering),
    }
}

/// What is asked of a connection besides its port.
#[derive(Clone, Debug, Default)]
struct Asked {
    server_names: Vec<SmolStr>,
    destinations: Vec<SmolStr>,
    source: Option<Source>,
}

/// What a route asks, once for each caller; nothing where it is not about this port or nobody comes this way.
fn asked<'m>(lowering: &Lowering<'m>, route: &'m Route, port: Port) -> impl Iterator<Item = Asked> {
    let one = move |request: &RequestMatch| {
        let lines = &request.lines;
        let is_here = lines.ports.is_empty() || lines.ports.iter().any(|said| said.value == port);
        let sources = is_here.then(|| sources(lowering, lines, None)).flatten().unwrap_or_default();
        let of_source = |source| Asked {
            server_names: lines.server_names.iter().map(|name| name.value.to_smolstr()).collect(),
            destinations: lines.destinations.iter().map(|range| range.value.to_smolstr()).collect(),
            source,
        };
        sources.into_iter().map(of_source).collect::<Vec<_>>()
    };
    let all = route.matches.is_empty().then(Asked::default);
    all.into_iter().chain(route.matches.iter().flat_map(one))
}

impl Asked {
    fn tcp(self, port: Port) -> TcpMatch {
        let Asked { server_names: _, destinations, source } = self;
        let (source_labels, source_namespace) = split(source);
        TcpMatch { destination_subnets: destinations, port: port.number(), source_labels, source_namespace }
    }

    /// A match for each name: Istio makes a filter chain of each, leaves out those that are the same as an earlier one,
    /// and Envoy refuses the whole listener where two that differ have a name in common.
    fn tls(self, port: Port, names: &[SmolStr]) -> Vec<TlsMatch> {
        let Asked { server_names, destinations, source } = self;
        let all = if server_names.is_empty() { names.to_vec() } else { server_names };
        let (source_labels, source_namespace) = split(source);
        let base = TlsMatch {
            destination_subnets: destinations,
            port: port.number(),
            source_labels,
            source_namespace,
            ..TlsMatch::default()
        };
        all.into_iter().map(|name| TlsMatch { sni_hosts: vec![name], ..base.clone() }).collect()
    }
}

fn split(source: Option<Source>) -> (Vec<(SmolStr, SmolStr)>, Option<SmolStr>) {
    source.map_or((Vec::new(), None), |(labels, namespace)| (labels, Some(namespace)))
}

/// The names by which a TLS client may ask for a service: its own, and those that its routes name.
fn server_names(lowering: &Lowering<'_>, id: ServiceId, service: &Service) -> Vec<SmolStr> {
    let namespace = lowering.mesh.namespace_name(service.namespace);
    let name = &service.name;
    let mut names =
        vec![lowering.frame.fqdn(id), format_smolstr!("{name}.{namespace}.svc"), format_smolstr!("{name}.{namespace}")];
    for said in routes(service, ProtocolKind::Tls).flat_map(|route| &route.matches) {
        for asked in &said.lines.server_names {
            let asked = asked.value.to_smolstr();
            if !names.contains(&asked) {
                names.push(asked);
            }
        }
    }
    names
}
