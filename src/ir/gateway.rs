use super::{Account, Denial, Grant, Labels, NamespaceId, Proxy, Telemetry, Waiver};
use crate::source::{Decided, Origin, Span};
use crate::value::{self, HostPattern, ProtocolKind};
use smol_str::SmolStr;

/// A way in from outside, or out.
#[derive(Debug)]
pub struct Gateway {
    /// Its name.
    pub name: SmolStr,
    /// The namespace of its pods.
    pub namespace: NamespaceId,
    /// Where it is declared.
    pub origin: Origin,
    /// Which way it leads.
    pub kind: Decided<GatewayKind>,
    /// The labels of its pods.
    pub selector: Decided<Labels>,
    /// The account of its pods.
    pub account: Account,
    /// Who may come in; none: anyone.
    pub grants: Vec<Grant>,
    /// Who may not.
    pub denials: Vec<Denial>,
    /// How many proxies stand before it that tell the truth about addresses; none: no proxy.
    pub trusted_proxies: Option<Decided<u32>>,
    /// Its listeners, by number.
    pub listeners: Vec<Listener>,
    /// What its proxies tell, where it says something of its own; else what its namespace says.
    pub telemetry: Option<Box<Telemetry>>,
    /// How its proxies run, where it says something of its own; else what its namespace says.
    pub proxy: Option<Box<Proxy>>,
}

/// Which way a gateway leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GatewayKind {
    /// In.
    Ingress,
    /// Out.
    Egress,
}

/// What a listener speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListenerProtocol {
    /// HTTP.
    Http,
    /// HTTP/2 without TLS.
    Http2,
    /// gRPC without TLS.
    Grpc,
    /// HTTP over TLS.
    Https,
    /// TLS.
    Tls,
    /// Bytes.
    Tcp,
}

/// A port on which a gateway listens.
#[derive(Debug)]
pub struct Listener {
    /// Its number on the gateway's service.
    pub number: Decided<value::Port>,
    /// Its number on the gateway's pods.
    pub target: Decided<value::Port>,
    /// What it speaks.
    pub protocol: Decided<ListenerProtocol>,
    /// What it serves, sorted; of bytes, whose hosts nobody sees, every host.
    pub hosts: Vec<ServedHost>,
    /// The secrets with its certificates, one for each kind of key.
    pub certificates: Vec<Decided<SmolStr>>,
    /// What its clients must show; none: nothing.
    pub clients: Option<Box<ClientCertificates>>,
    /// Versions and algorithms.
    pub tls: Tls,
    /// Where it says that TLS goes through to the service.
    pub passthrough: Option<Origin>,
    /// Where it says that every request is sent to https.
    pub redirect: Option<Origin>,
    /// Where it is declared.
    pub span: Span,
}

/// What the clients of a listener must show.
#[derive(Clone, Debug, Default)]
pub struct ClientCertificates {
    /// The secret with the authority that signs their certificates.
    pub authority: Option<Decided<SmolStr>>,
    /// Whether they may do without one.
    pub optional: Option<Decided<bool>>,
    /// The names of which a certificate must have one; empty: any.
    pub names: Vec<Decided<SmolStr>>,
}

/// A host of a listener.
#[derive(Debug)]
pub struct ServedHost {
    /// Which.
    pub pattern: HostPattern,
    /// Where it was said.
    pub span: Span,
    /// Whose services may be exposed on it; `None`: all.
    pub namespaces: Option<Vec<NamespaceId>>,
    /// Why, and until when.
    pub waiver: Option<Box<Waiver>>,
}

/// Versions and algorithms of TLS.
#[derive(Debug, Default)]
pub struct Tls {
    /// The oldest version: 10 to 13.
    pub least: Option<Decided<u8>>,
    /// The newest version: 10 to 13.
    pub most: Option<Decided<u8>>,
    /// Cipher suites; empty: the proxy's own.
    pub ciphers: Vec<Decided<SmolStr>>,
    /// Curves; empty: the proxy's own.
    pub curves: Vec<Decided<SmolStr>>,
}

impl Gateway {
    /// The listeners that serve `host`.
    pub fn serving<'g>(&'g self, host: &'g HostPattern) -> impl Iterator<Item = &'g Listener> {
        self.listeners.iter().filter(move |listener| listener.serves(host).is_some())
    }
}

impl ListenerProtocol {
    /// Its word.
    pub const fn word(self) -> &'static str {
        match self {
            ListenerProtocol::Http => "http",
            ListenerProtocol::Http2 => "http2",
            ListenerProtocol::Grpc => "grpc",
            ListenerProtocol::Https => "https",
            ListenerProtocol::Tls => "tls",
            ListenerProtocol::Tcp => "tcp",
        }
    }

    /// Whether its clients speak TLS.
    pub const fn is_encrypted(self) -> bool {
        match self {
            ListenerProtocol::Https | ListenerProtocol::Tls => true,
            ListenerProtocol::Http | ListenerProtocol::Http2 | ListenerProtocol::Grpc | ListenerProtocol::Tcp => false,
        }
    }
}

impl Listener {
    /// What it hands on to services: requests, TLS as it came, or bytes.
    pub fn kind(&self) -> ProtocolKind {
        match self.protocol.value {
            ListenerProtocol::Https | ListenerProtocol::Tls if self.passthrough.is_some() => ProtocolKind::Tls,
            ListenerProtocol::Http | ListenerProtocol::Http2 | ListenerProtocol::Grpc | ListenerProtocol::Https => {
                ProtocolKind::Http
            }
            ListenerProtocol::Tls | ListenerProtocol::Tcp => ProtocolKind::Tcp,
        }
    }

    /// Whether it takes bytes of which it knows nothing, not even a host.
    pub fn hands_on_bytes(&self) -> bool {
        self.protocol.value == ListenerProtocol::Tcp
    }

    /// The narrowest of its hosts that covers `host`.
    pub fn serves(&self, host: &HostPattern) -> Option<&ServedHost> {
        host.and_wider().find_map(|pattern| {
            let at = self.hosts.binary_search_by(|served| served.pattern.cmp(&pattern)).ok()?;
            self.hosts.get(at)
        })
    }
}
