use super::super::Lowering;
use super::egress_gateway;
use crate::ir::{self, ClientCertificates, Listener, ListenerProtocol, ServedHost};
use crate::manifest::istio::{Gateway, Server, ServerPort, ServerTls, TlsMode};
use crate::manifest::{Object, Spec, Traced, Wave};
use crate::source::{Decided, Layer, Origin};
use crate::value::ProtocolKind;
use smol_str::{SmolStr, format_smolstr};
use std::collections::BTreeSet;

/// What each gateway listens on: GWNS/`<gateway>`.
pub(in crate::lower) fn lower(lowering: &Lowering<'_>, take: &mut dyn FnMut(Object)) {
    for (id, gateway) in lowering.mesh.gateways().filter(|(_, gateway)| lowering.writes_into(gateway.namespace)) {
        let mut names = BTreeSet::new();
        let mut servers = Vec::with_capacity(gateway.listeners.len());
        for listener in &gateway.listeners {
            let of_listener = by_route(listener).map(|hosts| server(listener, hosts, &mut names));
            servers.extend(of_listener.map(|server| Traced::new(server, listener.number.origin)));
        }
        servers.extend(egress_gateway::servers(lowering, id));
        // Istio takes no Gateway without a server.
        if servers.is_empty() {
            continue;
        }
        let spec = Gateway { selector: (&gateway.selector).into(), servers };
        let place = lowering.place(gateway.namespace, gateway.name.clone(), Wave::Ground);
        take(lowering.frame.object(&lowering.owned_by_gateway(gateway), place, Spec::Gateway(spec)));
    }
}

/// The hosts of a listener by the servers that they need: one for all, but where TLS ends and bytes go on. There Istio
/// takes one route for each server, so each host has a server of its own.
fn by_route(listener: &Listener) -> impl Iterator<Item = &[ServedHost]> {
    let ends_in_bytes = listener.kind() == ProtocolKind::Tcp && !listener.hands_on_bytes();
    listener.hosts.chunks(if ends_in_bytes { 1 } else { listener.hosts.len().max(1) })
}

fn server(listener: &Listener, hosts: &[ServedHost], names: &mut BTreeSet<SmolStr>) -> Server {
    let stem = stem(listener, hosts);
    // Names are unique in a Gateway.
    let name = if names.contains(&stem) { format_smolstr!("{stem}-{}", listener.number.value) } else { stem };
    names.insert(name.clone());
    // `./` lets routes of the gateway's own namespace bind to these hosts, and no others.
    let host = |served: &ServedHost| {
        Traced::new(format_smolstr!("./{}", served.pattern), Origin::new(Layer::Own, served.span))
    };
    let mut hosts: Vec<Traced<SmolStr>> = hosts.iter().map(host).collect();
    hosts.sort_by(|a, b| a.value.cmp(&b.value));
    hosts.dedup_by(|a, b| a.value == b.value);
    let number = Traced::new(listener.number.value.number(), listener.number.origin);
    Server { port: ServerPort { number, name, protocol: protocol(listener) }, hosts, tls: tls(listener) }
}

fn protocol(listener: &Listener) -> &'static str {
    match listener.protocol.value {
        ListenerProtocol::Http => "HTTP",
        ListenerProtocol::Http2 => "HTTP2",
        ListenerProtocol::Grpc => "GRPC",
        // What goes through is TLS, whatever is inside.
        ListenerProtocol::Https if listener.passthrough.is_some() => "TLS",
        ListenerProtocol::Https => "HTTPS",
        ListenerProtocol::Tls => "TLS",
        ListenerProtocol::Tcp => "TCP",
    }
}

/// What the name of a server begins with.
fn stem(listener: &Listener, hosts: &[ServedHost]) -> SmolStr {
    let word = listener.protocol.value.word();
    match listener.protocol.value {
        ListenerProtocol::Http | ListenerProtocol::Http2 | ListenerProtocol::Grpc => SmolStr::new_static(word),
        ListenerProtocol::Https | ListenerProtocol::Tls if listener.passthrough.is_some() => {
            format_smolstr!("{word}-passthrough")
        }
        ListenerProtocol::Https => {
            let secret = listener.certificates.first().map_or("", |secret| secret.value.as_str());
            format_smolstr!("{word}-{secret}")
        }
        ListenerProtocol::Tls => {
            let host = hosts.first().map(|served| served.pattern.object_name()).unwrap_or_default();
            format_smolstr!("{word}-{}", host.replace('.', "-"))
        }
        ListenerProtocol::Tcp => format_smolstr!("{word}-{}", listener.number.value),
    }
}

fn tls(listener: &Listener) -> Option<ServerTls> {
    if listener.passthrough.is_some() {
        return Some(ServerTls { mode: Some(TlsMode::Passthrough), ..ServerTls::default() });
    }
    if !listener.protocol.value.is_encrypted() {
        let redirect = |origin| ServerTls { https_redirect: Some(Traced::new(true, origin)), ..ServerTls::default() };
        return listener.redirect.map(redirect);
    }
    // Istio has no curves of a listener: `curve-not-expressible`.
    let ir::Tls { least, most, ciphers, curves: _ } = &listener.tls;
    let secrets: Vec<Traced<SmolStr>> = listener.certificates.iter().map(Traced::from).collect();
    let several = secrets.len() > 1;
    let least = least.as_ref().map_or_else(|| Traced::plain(version(12)), |said| traced(said));
    Some(ServerTls {
        https_redirect: None,
        mode: Some(mode(listener)),
        credential_name: secrets.first().filter(|_| !several).cloned(),
        credential_names: if several { secrets } else { Vec::new() },
        ca_cert_credential_name: authority(listener),
        subject_alt_names: listener.clients.iter().flat_map(|clients| &clients.names).map(Traced::from).collect(),
        min_protocol_version: Some(least),
        max_protocol_version: most.as_ref().map(traced),
        cipher_suites: ciphers.iter().map(Traced::from).collect(),
    })
}

fn mode(listener: &Listener) -> TlsMode {
    match listener.clients.as_deref() {
        Some(ClientCertificates { authority: Some(_), optional: Some(optional), names: _ }) if optional.value => {
            TlsMode::OptionalMutual
        }
        Some(ClientCertificates { authority: Some(_), .. }) => TlsMode::Mutual,
        Some(ClientCertificates { authority: None, .. }) | None => TlsMode::Simple,
    }
}

/// How istiod knows that a Secret holds an authority; it looks for the Secret without it too.
const OF_AUTHORITY: &str = "-cacert";

/// The Secret with the authority of the clients, unless it is the one in which Istio looks by itself. Without the suffix
/// istiod would hand the Secret out as a server's certificate:
/// <https://github.com/istio/istio/blob/master/pilot/pkg/xds/sds.go>.
fn authority(listener: &Listener) -> Option<Traced<SmolStr>> {
    let said = listener.clients.as_ref()?.authority.as_ref()?;
    let stem = said.value.strip_suffix(OF_AUTHORITY).unwrap_or(&said.value);
    let is_beside = listener.certificates.first().is_some_and(|first| first.value == stem);
    (!is_beside).then(|| Traced::new(format_smolstr!("{stem}{OF_AUTHORITY}"), said.origin))
}

fn traced(said: &Decided<u8>) -> Traced<&'static str> {
    Traced::new(version(said.value), said.origin)
}

fn version(number: u8) -> &'static str {
    match number {
        10 => "TLSV1_0",
        11 => "TLSV1_1",
        12 => "TLSV1_2",
        _ => "TLSV1_3",
    }
}
