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
    if senders(id, service, ProtocolKind::Tls).next().is_none() {
        return (Vec::new(), Vec::new());
    }
    let own = own_names(lowering, id, service);
    let routed: Vec<&HostPattern> = named(service).collect();
    let names = Names { own: &own, routed: &routed };
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
    // Istio refuses a host that another one covers; of the server names it wants each to be below one.
    let hosts = routed.iter().enumerate().filter(|(at, name)| {
        let mut others = routed.iter().enumerate().filter(|(other, _)| other != at);
        !others.any(|(other, wider)| wider.covers(name) && (wider != *name || other < *at))
    });
    let hosts = hosts.map(|(_, name)| name.to_smolstr()).filter(|name| !own.contains(name));
    let hosts: Vec<SmolStr> = own.iter().cloned().chain(hosts).collect();
    (rules, hosts)
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

/// Where the connections of an exposure go whose client names no server: by the first route that holds for all of them,
/// since at a gateway Istio takes one rule of a port.
pub(super) fn at_gateway(lowering: &Lowering<'_>, sender: &Sender<'_>, exposure: &Exposure) -> Vec<RouteDestination> {
    let kind = sender.service.port(sender.port).map_or(exposure.kind, |port| port.protocol.kind());
    let all = |route: &&Route| {
        let mut here = route.matches.iter().filter(|request| is_here(request, sender, exposure));
        route.matches.is_empty() || here.any(|request| request.lines.server_names.is_empty())
    };
    let route = routes(sender.service, kind).find(all);
    target(lowering, sender, route.and_then(|route| route.action.as_ref()))
}

/// Where the connections of an exposed host go, by the server that their clients name: of a pattern, routes take the
/// names below it that they are for. Envoy takes the narrowest name whatever the order, so one that an earlier route
/// takes already is left out.
pub(super) fn names_at_gateway(
    lowering: &Lowering<'_>,
    sender: &Sender<'_>,
    (exposure, host): (&Exposure, &HostPattern),
) -> Vec<(Vec<SmolStr>, Vec<RouteDestination>)> {
    let mut rules = Vec::new();
    let mut taken = narrower_doors(lowering, exposure, host);
    for route in routes(sender.service, ProtocolKind::Tls) {
        let here = || route.matches.iter().filter(|request| is_here(request, sender, exposure));
        let holds = |request: &RequestMatch| {
            let names = &request.lines.server_names;
            names.is_empty() || names.iter().any(|name| name.value.covers(host))
        };
        if route.matches.is_empty() || here().any(holds) {
            rules.push((vec![host.to_smolstr()], target(lowering, sender, route.action.as_ref())));
            return rules;
        }
        let below = here().flat_map(|request| &request.lines.server_names).map(|name| &name.value);
        let mut names: Vec<&HostPattern> = Vec::new();
        for name in below.filter(|name| host.covers(name)) {
            if !taken.iter().chain(&names).any(|wider| wider.covers(name)) {
                names.push(name);
            }
        }
        if !names.is_empty() {
            rules.push((
                names.iter().map(ToSmolStr::to_smolstr).collect(),
                target(lowering, sender, route.action.as_ref()),
            ));
            taken.append(&mut names);
        }
    }
    rules.push((vec![host.to_smolstr()], sender.default_target(lowering)));
    rules
}

/// The hosts below a pattern that have a door of their own in its gateway: what is asked of them is not the pattern's.
fn narrower_doors<'m>(lowering: &Lowering<'m>, exposure: &Exposure, host: &HostPattern) -> Vec<&'m HostPattern> {
    let doors = lowering.mesh.services.iter().flat_map(|service| &service.exposures);
    let doors = doors.filter(|door| door.gateway == exposure.gateway && door.kind == ProtocolKind::Tls);
    doors.filter_map(Exposure::host).filter(|own| *own != host && host.covers(own)).collect()
}

/// Whether connections through a gateway may match. Which pods a client reached there nobody chose, so a match by
/// destination is none of them.
fn is_here(request: &RequestMatch, sender: &Sender<'_>, exposure: &Exposure) -> bool {
    let Lines { ports, from, destinations, .. } = &request.lines;
    let here = |caller: &Caller| caller.peer == Peer::Gateway(exposure.gateway);
    let of_port = ports.is_empty() || ports.iter().any(|port| port.value == sender.port);
    of_port && (from.is_empty() || from.iter().any(here)) && destinations.is_empty()
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
    server_names: Vec<HostPattern>,
    destinations: Vec<SmolStr>,
    source: Option<Source>,
}

/// The names by which a TLS client may ask for a service.
struct Names<'n> {
    /// Its own.
    own: &'n [SmolStr],
    /// Those that its routes name.
    routed: &'n [&'n HostPattern],
}

/// What a route asks, once for each caller; nothing where it is not about this port or nobody comes this way.
fn asked<'m>(lowering: &Lowering<'m>, route: &'m Route, port: Port) -> impl Iterator<Item = Asked> {
    let one = move |request: &RequestMatch| {
        let lines = &request.lines;
        let is_here = lines.ports.is_empty() || lines.ports.iter().any(|said| said.value == port);
        let sources = is_here.then(|| sources(lowering, lines, None)).flatten().unwrap_or_default();
        let of_source = |source| Asked {
            server_names: lines.server_names.iter().map(|name| name.value.clone()).collect(),
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
    /// and Envoy refuses the whole listener where two that differ have a name in common. Envoy takes the narrowest name
    /// whatever the order, so a pattern stands with every name below it that some route has.
    fn tls(self, port: Port, names: &Names<'_>) -> Vec<TlsMatch> {
        let Asked { server_names, destinations, source } = self;
        let is_meant = |name: &HostPattern| server_names.iter().any(|asked| asked.covers(name));
        let is_all = server_names.is_empty();
        let own = if is_all { names.own } else { &[] }.iter().cloned();
        let routed = names.routed.iter().filter(|name| is_all || is_meant(name)).map(ToSmolStr::to_smolstr);
        let all = own.chain(routed);
        let (source_labels, source_namespace) = split(source);
        let base = TlsMatch {
            destination_subnets: destinations,
            port: port.number(),
            source_labels,
            source_namespace,
            ..TlsMatch::default()
        };
        all.map(|name| TlsMatch { sni_hosts: vec![name], ..base.clone() }).collect()
    }
}

fn split(source: Option<Source>) -> (Vec<(SmolStr, SmolStr)>, Option<SmolStr>) {
    source.map_or((Vec::new(), None), |(labels, namespace)| (labels, Some(namespace)))
}

/// The names of a service itself.
fn own_names(lowering: &Lowering<'_>, id: ServiceId, service: &Service) -> [SmolStr; 3] {
    let namespace = lowering.mesh.namespace_name(service.namespace);
    let name = &service.name;
    [lowering.frame.fqdn(id), format_smolstr!("{name}.{namespace}.svc"), format_smolstr!("{name}.{namespace}")]
}

/// The names that its routes are for.
fn named(service: &Service) -> impl Iterator<Item = &HostPattern> {
    let matches = routes(service, ProtocolKind::Tls).flat_map(|route| &route.matches);
    matches.flat_map(|said| &said.lines.server_names).map(|name| &name.value)
}
