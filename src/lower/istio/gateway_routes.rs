use super::super::Lowering;
use super::connections;
use super::destination::Sender;
use super::gateway_policy::{Exposed, by_door};
use super::rewriting::Rewriting;
use super::routes::Routes;
use super::unreached;
use crate::ir::{Door, Exposure, GatewayId, ServiceId};
use crate::manifest::istio::{HttpRoute, TcpMatch, TcpRoute, TlsMatch, TlsRoute, VirtualService};
use crate::manifest::{Object, Spec, Traced, Wave};
use crate::value::{HostPattern, Path, PathKind, ProtocolKind};
use smol_str::{SmolStr, ToSmolStr, format_smolstr};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Where what comes in by each door goes: GWNS/`<host>`, and GWNS/`<gateway>.<port>` for bytes. Istio joins several
/// VirtualServices of one gateway host by their age, so there is one, with the rules of all services in the order of
/// their paths.
pub(in crate::lower) fn lower(lowering: &Lowering<'_>, take: &mut dyn FnMut(Object)) {
    let doors = by_door(lowering);
    let mut sharing: BTreeMap<_, Vec<GatewayId>> = BTreeMap::new();
    for (id, door) in doors.keys() {
        sharing.entry((lowering.mesh.gateway(*id).namespace, *door)).or_default().push(*id);
    }
    let wildcards: Vec<Wildcard<'_>> = doors
        .iter()
        .filter_map(|((id, door), exposed)| match door {
            Door::Host(host @ HostPattern::Below(_)) => Some((*id, host, exposed)),
            Door::Host(HostPattern::Exact(_) | HostPattern::Any) | Door::Listener(_) => None,
        })
        .collect();
    for (id, door) in doors.keys() {
        let gateway = lowering.mesh.gateway(*id);
        if !lowering.writes_into(gateway.namespace) {
            continue;
        }
        let of =
            |id: GatewayId| doors.get(&(id, *door)).map(|exposed| spec(lowering, (id, *door), exposed, &wildcards));
        let all = sharing.get(&(gateway.namespace, *door)).map_or(&[][..], Vec::as_slice);
        let Some(mut spec) = of(*id) else { continue };
        // Whose rules are the same has one object: two of one host would say it twice.
        let same: Vec<GatewayId> =
            all.iter().copied().filter(|other| other == id || is_same(of(*other), &spec)).collect();
        if same.first() != Some(id) {
            continue;
        }
        spec.gateways = same.iter().map(|id| gateway_name(lowering, *id)).collect();
        let name = match door {
            Door::Host(host) if same.len() == all.len() => host.object_name(),
            Door::Host(_) | Door::Listener(_) => format_smolstr!("{}.{}", gateway.name, door.object_name()),
        };
        let place = lowering.place(gateway.namespace, name, Wave::Routes);
        take(lowering.frame.object(&lowering.owned_by_gateway(gateway), place, Spec::VirtualService(spec)));
    }
}

/// Whether another gateway has the same rules.
fn is_same(other: Option<VirtualService>, spec: &VirtualService) -> bool {
    other.is_some_and(|other| VirtualService { gateways: spec.gateways.clone(), ..other } == *spec)
}

fn gateway_name(lowering: &Lowering<'_>, id: GatewayId) -> SmolStr {
    let gateway = lowering.mesh.gateway(id);
    format_smolstr!("{}/{}", lowering.mesh.namespace_name(gateway.namespace), gateway.name)
}

/// What comes in by one door of a gateway.
fn spec(
    lowering: &Lowering<'_>,
    (id, door): (GatewayId, &Door),
    exposed: &Exposed<'_>,
    wildcards: &[Wildcard<'_>],
) -> VirtualService {
    let host = match door {
        Door::Host(host) => host.to_smolstr(),
        Door::Listener(_) => SmolStr::new_static("*"),
    };
    VirtualService {
        hosts: vec![Traced::plain(host)],
        gateways: vec![gateway_name(lowering, id)],
        export_to: vec![SmolStr::new_static(".")],
        http: rules(lowering, exposed, &fallbacks(wildcards, id, door)),
        tls: tls(lowering, exposed),
        tcp: tcp(lowering, exposed),
    }
}

/// A host of wildcards, with what is exposed on it.
type Wildcard<'m> = (GatewayId, &'m HostPattern, &'m Exposed<'m>);

/// The exposures of the wildcards above a host: a host's own rules are not backed up by a wildcard's.
fn fallbacks<'m>(wildcards: &[Wildcard<'m>], id: GatewayId, door: &Door) -> Exposed<'m> {
    let Door::Host(host) = door else { return Vec::new() };
    let covering = wildcards.iter().filter(|(other, wider, _)| *other == id && *wider != host && wider.covers(host));
    covering.flat_map(|(_, _, exposed)| exposed.iter().copied()).collect()
}

fn of_kind<'m>(exposed: &Exposed<'m>, kind: ProtocolKind) -> impl Iterator<Item = (ServiceId, &'m Exposure)> {
    exposed.iter().copied().filter(move |(_, exposure)| exposure.kind == kind)
}

/// TLS that goes through, by the server's name.
fn tls(lowering: &Lowering<'_>, exposed: &Exposed<'_>) -> Vec<TlsRoute> {
    let mut rules = Vec::new();
    for (id, exposure) in of_kind(exposed, ProtocolKind::Tls) {
        let Some(host) = exposure.host() else { continue };
        let listeners: Vec<u16> = lowering
            .mesh
            .gateway(exposure.gateway)
            .through(exposure)
            .map(|listener| listener.number.value.number())
            .collect();
        let sender = sender(lowering, id, exposure);
        for (sni_hosts, route) in connections::names_at_gateway(lowering, &sender, (exposure, host)) {
            let matched = |port: &u16| TlsMatch { port: *port, sni_hosts: sni_hosts.clone(), ..TlsMatch::default() };
            rules.push(TlsRoute { matches: listeners.iter().map(matched).collect(), route });
        }
    }
    rules
}

/// Bytes, by the port of the listener: on a gateway only the first rule of a port counts.
fn tcp(lowering: &Lowering<'_>, exposed: &Exposed<'_>) -> Vec<TcpRoute> {
    let route = |(id, exposure): (ServiceId, &Exposure)| {
        let listeners = lowering.mesh.gateway(exposure.gateway).through(exposure);
        let matches = listeners
            .map(|listener| TcpMatch { port: listener.number.value.number(), ..TcpMatch::default() })
            .collect();
        TcpRoute { matches, route: connections::at_gateway(lowering, &sender(lowering, id, exposure), exposure) }
    };
    of_kind(exposed, ProtocolKind::Tcp).map(route).collect()
}

/// One path of an exposure.
struct Segment<'m> {
    service: ServiceId,
    exposure: &'m Exposure,
    path: &'m Path,
    /// Whether it is a wildcard host's, which stands behind the host's own.
    is_fallback: bool,
}

/// Exact paths, then templates, then prefixes by falling length: as everywhere the longer path wins.
fn rank<'s>(segment: &Segment<'s>) -> (bool, u8, Reverse<usize>, &'s str) {
    let kind = match segment.path.kind() {
        PathKind::Exact => 0,
        PathKind::Template => 1,
        PathKind::Below => 2,
    };
    (segment.is_fallback, kind, Reverse(segment.path.stem().len()), segment.path.stem())
}

fn rules(lowering: &Lowering<'_>, own: &Exposed<'_>, fallbacks: &Exposed<'_>) -> Vec<HttpRoute> {
    let own = of_kind(own, ProtocolKind::Http).map(|exposed| (exposed, false));
    let all = own.chain(of_kind(fallbacks, ProtocolKind::Http).map(|exposed| (exposed, true)));
    let mut segments: Vec<Segment<'_>> = Vec::new();
    for ((service, exposure), is_fallback) in all {
        let segment = |path| Segment { service, exposure, path, is_fallback };
        segments.extend(exposure.paths.iter().map(|path| &path.value).map(segment));
    }
    segments.sort_by(|a, b| rank(a).cmp(&rank(b)));
    // Behind a path that takes everything no rule is reached.
    if let Some(at) = segments.iter().position(|segment| segment.path.is_all()) {
        segments.truncate(at + 1);
    }
    let mut rules = Vec::new();
    let mut rest = segments.as_slice();
    while let Some(first) = rest.first() {
        // What takes the place of a path differs with the path.
        let most = if first.exposure.new_path().is_some() { 1 } else { rest.len() };
        let same = rest.iter().take(most).take_while(|segment| std::ptr::eq(segment.exposure, first.exposure)).count();
        let (group, after) = rest.split_at(same);
        rules.extend(group_rules(lowering, first, group));
        rest = after;
    }
    unreached::leave_out(rules)
}

fn group_rules(lowering: &Lowering<'_>, first: &Segment<'_>, group: &[Segment<'_>]) -> Vec<HttpRoute> {
    let within = group.iter().map(|segment| segment.path.clone()).collect();
    let exposure = first.exposure;
    let path = exposure.new_path().map(|_| first.path);
    let rewriting = exposure.rewrite.as_ref().map(|_| Rewriting { exposure, path });
    Routes { rewriting, ..routes(lowering, first.service, exposure, within) }.lower(lowering)
}

fn sender<'m>(lowering: &Lowering<'m>, id: ServiceId, exposure: &Exposure) -> Sender<'m> {
    Sender { id, service: lowering.mesh.service(id), port: exposure.port }
}

fn routes<'m>(lowering: &Lowering<'m>, id: ServiceId, exposure: &'m Exposure, within: Vec<Path>) -> Routes<'m> {
    Routes {
        sender: sender(lowering, id, exposure),
        timeout: exposure.timeout.as_ref(),
        retry: &exposure.retry,
        handlings: Some(&exposure.routes),
        actions: exposure.actions.as_deref(),
        prefix: lowering.mesh.service(id).name.clone(),
        gateway: Some(exposure.gateway),
        rewriting: None,
        within: Some(within),
        door: Some(exposure.origin),
        match_port: false,
    }
}
