use super::super::{Lowering, outside};
use super::{actions, breaker, egress_gateway, retries};
use crate::ir::{External, Gateway, OutsidePort, Retry};
use crate::manifest::istio::{
    Destination, HttpMatch, HttpRoute, PortNumber, Retries, RouteDestination, StringMatch, TcpMatch, TcpRoute,
    TlsMatch, TlsRoute, VirtualService,
};
use crate::manifest::{Object, Spec, Traced, Wave};
use crate::value::{Host, HostPattern, Port, ProtocolKind, Regex};
use smol_str::{SmolStr, format_smolstr};

/// Where calls to what is outside go: on the caller's side to the gateway, or under what is said of requests; at the
/// gateway out. Each host has its own, since a rule of several would send all of them to one.
pub(in crate::lower) fn lower(lowering: &Lowering<'_>, take: &mut dyn FnMut(Object)) {
    for (id, external) in lowering.mesh.externals().filter(|(_, external)| lowering.writes_external(external)) {
        let owner = lowering.owned_by_external(external);
        let gateway = lowering.gateway_of(external);
        for host in outside::exact_hosts(external) {
            let pattern = HostPattern::Exact(host.clone());
            let near = Near { lowering, external, gateway, host };
            if let Some(spec) = near.virtual_service(lowering.reach.export_external(lowering.mesh, id)) {
                let mut place = lowering.place_of_external(external, Wave::Routes);
                place.name = outside::of_host(&place.name, external, &pattern);
                take(lowering.frame.object(&owner, place, Spec::VirtualService(spec)));
            }
            if let Some(gateway) = gateway.filter(|gateway| lowering.writes_into(gateway.namespace)) {
                let mut place = lowering.far_place(external, gateway, Wave::Routes);
                place.name = outside::of_host(&place.name, external, &pattern);
                let spec = far(lowering, external, gateway, host);
                take(lowering.frame.object(&owner, place, Spec::VirtualService(spec)));
            }
        }
    }
}

/// The caller's side of one host.
struct Near<'n, 'm> {
    lowering: &'n Lowering<'m>,
    external: &'m External,
    gateway: Option<&'m Gateway>,
    host: &'m Host,
}

impl Near<'_, '_> {
    /// Its rules; none where Istio does by itself what is asked.
    fn virtual_service(&self, export_to: Vec<SmolStr>) -> Option<VirtualService> {
        let External { timeout, retry, actions, .. } = self.external;
        let is_said = timeout.is_some() || actions.is_some() || !matches!(retry, Retry::Unsaid);
        let decides = self.gateway.is_some() || is_said;
        let of_kind = |kind| self.external.ports.iter().filter(move |port| port.kind() == kind && decides);
        let through = |kind| of_kind(kind).filter(|_| self.gateway.is_some());
        let spec = VirtualService {
            hosts: vec![Traced::plain(self.host.text().clone())],
            gateways: vec![SmolStr::new_static("mesh")],
            export_to,
            http: of_kind(ProtocolKind::Http).map(|port| self.http(port)).collect(),
            tls: through(ProtocolKind::Tls).map(|port| self.tls(port)).collect(),
            tcp: through(ProtocolKind::Tcp).map(|port| self.tcp(port)).collect(),
        };
        (!spec.http.is_empty() || !spec.tls.is_empty() || !spec.tcp.is_empty()).then_some(spec)
    }

    fn http(&self, port: &OutsidePort) -> HttpRoute {
        let External { timeout, retry, .. } = self.external;
        let several = self.external.http_ports().count() > 1;
        let number = port.number.value.number();
        let entry = HttpMatch { port: Some(Traced::plain(number)), ..HttpMatch::default() };
        let name = SmolStr::new_static("default");
        let rule = HttpRoute {
            name: Traced::plain(if several { format_smolstr!("{name}.{number}") } else { name }),
            matches: vec![Traced::plain(entry)],
            route: vec![self.destination(port)],
            timeout: timeout.as_ref().map(breaker::duration),
            retries: retries::lower(retry),
            ..HttpRoute::default()
        };
        actions::apply(rule, self.external.actions.as_deref())
    }

    fn tls(&self, port: &OutsidePort) -> TlsRoute {
        let matches = vec![TlsMatch {
            port: port.number.value.number(),
            sni_hosts: vec![self.host.text().clone()],
            ..TlsMatch::default()
        }];
        TlsRoute { matches, route: vec![self.destination(port)] }
    }

    fn tcp(&self, port: &OutsidePort) -> TcpRoute {
        let matches = vec![TcpMatch { port: port.number.value.number(), ..TcpMatch::default() }];
        TcpRoute { matches, route: vec![self.destination(port)] }
    }

    fn destination(&self, port: &OutsidePort) -> RouteDestination {
        alone(reached(self.lowering, self.external, self.host, port.number.value))
    }
}

/// Where a caller's proxy sends what is for a host outside: to its gateway, where it has one.
pub(super) fn reached(lowering: &Lowering<'_>, external: &External, host: &Host, port: Port) -> Destination {
    let Some(gateway) = lowering.gateway_of(external) else { return out(host, port) };
    Destination {
        host: lowering.gateway_host(gateway),
        port: PortNumber { number: outside::EGRESS_PORT },
        subset: Some(Traced::new(lowering.far_subset(external), egress_gateway::via(external))),
    }
}

fn out(host: &Host, port: Port) -> Destination {
    Destination { host: host.text().clone(), port: PortNumber { number: port.number() }, subset: None }
}

fn alone(destination: Destination) -> RouteDestination {
    RouteDestination { destination, weight: None, headers: None }
}

/// What the gateway does with calls for one host. What is said of tries holds on the caller's side, so it adds none.
fn far(lowering: &Lowering<'_>, external: &External, gateway: &Gateway, host: &Host) -> VirtualService {
    let namespace = lowering.mesh.namespace_name(gateway.namespace);
    let connections = external.ports.iter().filter(|port| port.kind() != ProtocolKind::Http);
    let tcp = connections.map(|port| TcpRoute {
        matches: vec![TcpMatch { port: outside::EGRESS_PORT, ..TcpMatch::default() }],
        route: vec![alone(out(host, port.number.value))],
    });
    VirtualService {
        hosts: vec![Traced::plain(host.text().clone())],
        gateways: vec![format_smolstr!("{namespace}/{}", gateway.name)],
        export_to: vec![SmolStr::new_static(".")],
        http: far_http(external, host),
        tls: Vec::new(),
        tcp: tcp.collect(),
    }
}

/// All HTTP ports come in by one: a client names the port that it means behind the host, unless it is HTTP's own.
fn far_http(external: &External, host: &Host) -> Vec<HttpRoute> {
    const OWN: u16 = 80;
    let mut ports: Vec<&OutsidePort> = external.http_ports().collect();
    // The one that need not be named comes last, without a condition.
    ports.sort_by_key(|port| (port.number.value.number() == OWN, port.number.value));
    let last = ports.len().saturating_sub(1);
    let rule = |(at, port): (usize, &&OutsidePort)| {
        let number = port.number.value.number();
        let named = format_smolstr!("(?i){}:{number}", Regex::escape(host.text()));
        let entry = HttpMatch { authority: Some(StringMatch::Regex(named)), ..HttpMatch::default() };
        HttpRoute {
            name: Traced::plain(if last > 0 { format_smolstr!("out.{number}") } else { SmolStr::new_static("out") }),
            matches: if at < last { vec![Traced::plain(entry)] } else { Vec::new() },
            route: vec![alone(out(host, port.number.value))],
            retries: Some(Traced::plain(Retries { attempts: Traced::plain(0), ..Retries::default() })),
            ..HttpRoute::default()
        }
    };
    ports.iter().enumerate().map(rule).collect()
}
