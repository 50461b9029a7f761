use super::super::{Lowering, outside};
use super::{grant, operation};
use crate::ir::{External, ExternalId, Gateway, GatewayId, OutsidePort, Peer};
use crate::manifest::istio::{
    Action, ClientTls, ClientTlsMode, ConnectionPool, DestinationRule, From, HttpPool, Operation, Rule, Server,
    ServerPort, ServerTls, Source, Subset, TlsMode, To, TrafficPolicy, When,
};
use crate::manifest::{Object, Spec, Traced, Wave};
use crate::source::Origin;
use crate::value::Protocol;
use smol_str::{SmolStr, format_smolstr};

/// What an egress gateway listens for: each external that goes through it, under mutual TLS of the mesh, so that it
/// knows who calls.
pub(super) fn servers(lowering: &Lowering<'_>, id: GatewayId) -> Vec<Traced<Server>> {
    through(lowering, id).map(|(_, external)| Traced::new(server(lowering, external), via(external))).collect()
}

/// Who sends an external through its gateway.
pub(super) fn via(external: &External) -> Origin {
    external.via.as_ref().map_or(external.origin, |via| via.origin)
}

/// The externals that go through a gateway.
fn through<'n>(lowering: &'n Lowering<'_>, id: GatewayId) -> impl Iterator<Item = (ExternalId, &'n External)> {
    let goes = move |external: &External| external.via.as_ref().is_some_and(|via| via.value == id);
    lowering.mesh.externals().filter(move |(_, external)| goes(external))
}

fn server(lowering: &Lowering<'_>, external: &External) -> Server {
    let protocol = if external.http_ports().next().is_some() { "HTTPS" } else { "TLS" };
    let stem = protocol.to_ascii_lowercase();
    Server {
        port: ServerPort {
            number: Traced::plain(outside::EGRESS_PORT),
            name: format_smolstr!("{stem}-{}", lowering.far_subset(external)),
            protocol,
        },
        hosts: external.hosts.iter().map(|host| Traced::from(host).map(|host| format_smolstr!("./{host}"))).collect(),
        tls: Some(ServerTls { mode: Some(TlsMode::IstioMutual), ..ServerTls::default() }),
    }
}

/// How callers reach each egress gateway, a subset an external: GWNS/`<gateway>`. The server name that a subset asks
/// for tells the gateway which external is meant.
pub(in crate::lower) fn rules(lowering: &Lowering<'_>, take: &mut dyn FnMut(Object)) {
    for (id, gateway) in lowering.mesh.gateways().filter(|(_, gateway)| lowering.writes_into(gateway.namespace)) {
        let subsets: Vec<Subset> =
            through(lowering, id).filter_map(|(_, external)| subset(lowering, gateway, external)).collect();
        if subsets.is_empty() {
            continue;
        }
        let externals = through(lowering, id).map(|(id, _)| id);
        let rule = DestinationRule {
            host: lowering.gateway_host(gateway),
            export_to: lowering.reach.export_outside(lowering.mesh, externals, Some(gateway.namespace)),
            workload_selector: None,
            traffic_policy: None,
            subsets,
        };
        let place = lowering.place(gateway.namespace, gateway.name.clone(), Wave::Ground);
        take(lowering.frame.object(&lowering.owned_by_gateway(gateway), place, Spec::DestinationRule(rule)));
    }
}

fn subset(lowering: &Lowering<'_>, gateway: &Gateway, external: &External) -> Option<Subset> {
    let host = *outside::exact_hosts(external).first()?;
    let tls = ClientTls {
        mode: ClientTlsMode::IstioMutual,
        sni: Some(Traced::plain(host.text().clone())),
        ..ClientTls::default()
    };
    Some(Subset {
        name: Traced::new(lowering.far_subset(external), via(external)),
        labels: (&gateway.selector).into(),
        traffic_policy: Some(TrafficPolicy {
            connection_pool: connection_pool(external),
            tls: Some(Traced::plain(tls)),
            ..TrafficPolicy::default()
        }),
    })
}

/// The port of a gateway's Service says nothing of what is spoken there, and Istio would hand gRPC on as HTTP/1.1, which
/// loses how it ended.
fn connection_pool(external: &External) -> Option<ConnectionPool> {
    let is_newer = |port: &&OutsidePort| matches!(port.protocol, Protocol::Http2 | Protocol::Grpc);
    let port = external.http_ports().find(is_newer)?;
    let h2_upgrade_policy = Some(Traced::new("UPGRADE", port.number.origin));
    Some(ConnectionPool { tcp: None, http: Some(HttpPool { h2_upgrade_policy, ..HttpPool::default() }) })
}

/// Whom each egress gateway lets out, to what: GWNS/`<external>.<namespace>`.
pub(in crate::lower) fn grants(lowering: &Lowering<'_>, take: &mut dyn FnMut(Object)) {
    for (id, external) in lowering.mesh.externals() {
        let Some(gateway) = lowering.gateway_of(external).filter(|gateway| lowering.writes_into(gateway.namespace))
        else {
            continue;
        };
        let mut principals: Vec<SmolStr> =
            lowering.reach.callers_of(id).filter_map(|caller| principal(lowering, caller)).collect();
        principals.sort();
        principals.dedup();
        if principals.is_empty() {
            continue;
        }
        let rule = Traced::new(rule(external, principals), via(external));
        let spec = grant::policy(&gateway.selector, Action::Allow, vec![rule]);
        let place = lowering.far_place(external, gateway, Wave::Ground);
        take(lowering.frame.object(&lowering.owned_by_external(external), place, spec));
    }
}

/// A connection without requests names its host by the server name that its caller's proxy asked for.
fn rule(external: &External, principals: Vec<SmolStr>) -> Rule {
    let hosts = || outside::exact_hosts(external).into_iter().map(|host| host.text().clone());
    let (mut operation, mut when) = (Operation { ports: ports(), ..Operation::default() }, Vec::new());
    if external.http_ports().next().is_some() {
        operation.hosts = hosts().flat_map(|host| [host.clone(), format_smolstr!("{host}:*")]).collect();
    } else {
        let key = SmolStr::new_static("connection.sni");
        when.push(When { key, values: hosts().collect(), not_values: Vec::new() });
    }
    let source = Source { principals, ..Source::default() };
    Rule { from: vec![From { source }], to: vec![To { operation }], when }
}

fn ports() -> Vec<SmolStr> {
    let ports = outside::EGRESS_TARGETS.into_iter();
    operation::texts(ports.filter_map(|port| crate::value::Port::new(port.into()).ok()))
}

fn principal(lowering: &Lowering<'_>, caller: Peer) -> Option<SmolStr> {
    let mesh = lowering.mesh;
    let (namespace, account) = match caller {
        Peer::Service(id) => (mesh.service(id).namespace, &mesh.service(id).account),
        Peer::Workload(id) => (mesh.workload(id).namespace, &mesh.workload(id).account),
        Peer::Gateway(id) => (mesh.gateway(id).namespace, &mesh.gateway(id).account),
        Peer::Namespace(_) | Peer::Address(_) | Peer::AnyoneInMesh | Peer::Anyone | Peer::KubeApi => return None,
    };
    Some(lowering.frame.principal(mesh.namespace_name(namespace), &account.name.value))
}
