use super::super::Lowering;
use crate::ir::{self, Listener, ListenerProtocol};
use crate::manifest::istio::{Gateway, Server, ServerPort, ServerTls, TlsMode};
use crate::manifest::{Object, Spec, Traced, Wave};
use crate::source::Decided;
use crate::source::{Layer, Origin};
use smol_str::{SmolStr, format_smolstr};
use std::collections::BTreeSet;

/// What each gateway listens on: GWNS/`<gateway>`.
pub(in crate::lower) fn lower(lowering: &Lowering<'_>, take: &mut dyn FnMut(Object)) {
    for gateway in lowering.mesh.gateways.iter().filter(|gateway| lowering.writes_into(gateway.namespace)) {
        let mut names = BTreeSet::new();
        let servers =
            gateway.listeners.iter().map(|listener| Traced::new(server(listener, &mut names), listener.number.origin));
        let spec = Gateway { selector: (&gateway.selector).into(), servers: servers.collect() };
        let place = lowering.place(gateway.namespace, gateway.name.clone(), Wave::Ground);
        take(lowering.frame.object(&lowering.owned_by_gateway(gateway), place, Spec::Gateway(spec)));
    }
}

fn server(listener: &Listener, names: &mut BTreeSet<SmolStr>) -> Server {
    let (protocol, stem) = match listener.protocol.value {
        ListenerProtocol::Http => ("HTTP", SmolStr::new_static("http")),
        ListenerProtocol::Https => {
            let secret = listener.certificates.first().map_or("", |secret| secret.value.as_str());
            ("HTTPS", format_smolstr!("https-{secret}"))
        }
    };
    // Names are unique in a Gateway.
    let name = if names.contains(&stem) { format_smolstr!("{stem}-{}", listener.number.value) } else { stem };
    names.insert(name.clone());
    // `./` lets routes of the gateway's own namespace bind to these hosts, and no others.
    let host = |served: &ir::ServedHost| {
        Traced::new(format_smolstr!("./{}", served.pattern), Origin::new(Layer::Own, served.span))
    };
    let mut hosts: Vec<Traced<SmolStr>> = listener.hosts.iter().map(host).collect();
    hosts.sort_by(|a, b| a.value.cmp(&b.value));
    hosts.dedup_by(|a, b| a.value == b.value);
    let number = Traced::new(listener.number.value.number(), listener.number.origin);
    Server { port: ServerPort { number, name, protocol }, hosts, tls: tls(listener) }
}

fn tls(listener: &Listener) -> Option<ServerTls> {
    match listener.protocol.value {
        ListenerProtocol::Http => listener
            .redirect
            .map(|origin| ServerTls { https_redirect: Some(Traced::new(true, origin)), ..ServerTls::default() }),
        ListenerProtocol::Https => {
            let ir::Tls { least, most, ciphers, curves } = &listener.tls;
            let secrets: Vec<Traced<SmolStr>> = listener.certificates.iter().map(Traced::from).collect();
            let several = secrets.len() > 1;
            let least = least.as_ref().map_or_else(|| Traced::plain(version(12)), |said| traced(said));
            Some(ServerTls {
                https_redirect: None,
                mode: Some(TlsMode::Simple),
                credential_name: secrets.first().filter(|_| !several).cloned(),
                credential_names: if several { secrets } else { Vec::new() },
                min_protocol_version: Some(least),
                max_protocol_version: most.as_ref().map(traced),
                cipher_suites: ciphers.iter().map(Traced::from).collect(),
                ecdh_curves: curves.iter().map(Traced::from).collect(),
            })
        }
    }
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
