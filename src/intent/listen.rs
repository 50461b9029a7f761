use super::access::{each_once, list};
use super::decode::{Decoder, argument, arguments, head, property, push_keyed};
use super::grammar::{MANY, Place, Repeats, Word};
use super::waiver::{self, Waiver};
use super::{Removal, Said, body};
use crate::source::{Span, Spanned};
use crate::syntax::{Entry, Node, Value};
use crate::value::{HostPattern, Label, Port};
use smol_str::SmolStr;

/// A row of a word of a listener.
const fn row(name: &'static str, place: &'static [Place], shape: &'static str, meaning: &'static str) -> Word {
    Word { arguments: (1, MANY), ..Word::once(name, place, shape, meaning) }
}

pub(super) const WORDS: &[Word] = &[
    Word {
        block: Some(Place::Listen),
        arguments: (1, 2),
        properties: &["target"],
        repeats: Repeats::Keyed,
        ..row(
            "listen",
            &[Place::Gateway],
            "NUMBER http | http2 | grpc | https | tls | tcp target=PORT { }",
            "A port of the gateway's Service; `target` is the port of its pods, the same number unless said.",
        )
    },
    Word {
        block: Some(Place::ListenHost),
        properties: waiver::PROPERTIES,
        repeats: Repeats::Adds,
        ..row("host", &[Place::Listen], "HOST+ { namespace NAME+ }", "Hosts that are served here; `*` is every host.")
    },
    row("namespace", &[Place::ListenHost], "NAME+", "The namespaces whose services may be exposed on these hosts."),
    Word {
        arguments: (1, 2),
        ..row(
            "certificate",
            &[Place::Listen],
            "SECRET SECRET?",
            "The Secret with the certificate, in the gateway's namespace; a second one for another kind of key.",
        )
    },
    Word {
        arguments: (0, 1),
        properties: &["optional"],
        ..row(
            "client-ca",
            &[Place::Listen],
            "SECRET optional=BOOL",
            "Asks clients for a certificate; the Secret, in the gateway's namespace, holds the authority that signs them.",
        )
    },
    row("client-san", &[Place::Listen], "NAME+", "Names of which a client's certificate must have one, as they stand."),
    Word {
        arguments: (0, 0),
        properties: &["min", "max"],
        block: Some(Place::Tls),
        ..row(
            "tls",
            &[Place::Listen],
            "min=\"1.2\"|\"1.3\" max=\"1.2\"|\"1.3\" { cipher C+; curve C+ }",
            "Versions of TLS; from 1.2 on unless said.",
        )
    },
    row("cipher", &[Place::Tls], "NAME+", "Cipher suites of TLS 1.2, by the names of BoringSSL."),
    row("curve", &[Place::Tls], "NAME+", "Curves of the key exchange."),
    Word {
        arguments: (0, 1),
        ..row(
            "passthrough",
            &[Place::Listen],
            "BOOL?",
            "Hands TLS on as it is, by the server's name: the service ends it, on a port that speaks `https` or `tls`.",
        )
    },
    Word {
        arguments: (0, 0),
        properties: &["scheme"],
        ..row("redirect", &[Place::Listen], "scheme=https", "Sends every request of this listener to https.")
    },
];

/// What a listener speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListenProtocol {
    /// HTTP/1.1, or HTTP/2 where the client begins with it.
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

const PROTOCOLS: [(&str, ListenProtocol); 6] = [
    ("http", ListenProtocol::Http),
    ("http2", ListenProtocol::Http2),
    ("grpc", ListenProtocol::Grpc),
    ("https", ListenProtocol::Https),
    ("tls", ListenProtocol::Tls),
    ("tcp", ListenProtocol::Tcp),
];

/// `listen`.
#[derive(Clone, Debug)]
pub struct Listen {
    /// The port of the gateway's Service.
    pub number: Spanned<Port>,
    /// What it speaks.
    pub protocol: Said<ListenProtocol>,
    /// The port of the gateway's pods.
    pub target: Said<Port>,
    /// Its hosts.
    pub hosts: Vec<ListenHost>,
    /// `-host HOST`.
    pub removals: Vec<Removal>,
    /// Its certificates.
    pub certificates: Said<Certificates>,
    /// What its clients must show.
    pub clients: Clients,
    /// `tls`.
    pub tls: Said<TlsSettings>,
    /// `passthrough`.
    pub passthrough: Said<bool>,
    /// `redirect scheme=https`.
    pub redirect: Said<()>,
    /// The node's word and values.
    pub span: Span,
}

/// The Secrets of a listener: one, or one for each kind of key.
pub type Certificates = Vec<Spanned<Label>>;

/// `client-ca` and `client-san`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Clients {
    /// The Secret with the authority.
    pub authority: Said<Label>,
    /// Whether a client may do without a certificate.
    pub optional: Said<bool>,
    /// The names of which a certificate must have one.
    pub names: Said<Vec<Spanned<SmolStr>>>,
}

/// `host`.
#[derive(Clone, Debug)]
pub struct ListenHost {
    /// The hosts.
    pub hosts: Vec<Spanned<HostPattern>>,
    /// The namespaces whose services may be exposed here; none: all of the workspace.
    pub namespaces: Said<Vec<Spanned<Label>>>,
    /// Why, and until when.
    pub waiver: Option<Box<Waiver>>,
}

/// `tls`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TlsSettings {
    /// The oldest version: 10 to 13.
    pub least: Said<u8>,
    /// The newest version: 10 to 13.
    pub most: Said<u8>,
    /// Cipher suites.
    pub ciphers: Said<Vec<Spanned<SmolStr>>>,
    /// Curves.
    pub curves: Said<Vec<Spanned<SmolStr>>>,
}

/// Reads `listen` into the listeners of its block.
pub(super) fn decode(decoder: &mut Decoder<'_>, into: &mut Vec<Listen>, node: &Node<'_>) {
    let number = argument(node, 0).and_then(|entry| decoder.port(entry));
    let protocol = argument(node, 1).and_then(|entry| decoder.choice(entry, &PROTOCOLS));
    let target = property(node, "target").and_then(|entry| decoder.port(entry));
    let Some(number) = number else { return };
    let mut listen = Listen {
        number,
        protocol,
        target,
        hosts: Vec::new(),
        removals: Vec::new(),
        certificates: None,
        clients: Clients::default(),
        tls: None,
        passthrough: None,
        redirect: None,
        span: head(node),
    };
    decoder.children(node, Place::Listen, |decoder, word, child| part(decoder, &mut listen, word, child));
    let hosts: Vec<_> = listen.hosts.iter().flat_map(|node| node.hosts.iter().cloned()).collect();
    each_once(decoder, &hosts);
    push_keyed(decoder, into, "this listener", listen, |listen| &listen.number);
}

fn part(decoder: &mut Decoder<'_>, listen: &mut Listen, word: &'static Word, node: &Node<'_>) {
    if node.name.value.starts_with('-') {
        listen.removals.extend(body::removals(decoder, word, node));
        return;
    }
    match word.name {
        "host" => listen.hosts.push(listen_host(decoder, node)),
        "certificate" => {
            let said = arguments(node).filter_map(|entry| decoder.value(entry)).collect();
            listen.certificates = Some(Spanned::new(said, node.span));
        }
        "client-ca" => {
            listen.clients.authority = argument(node, 0).and_then(|entry| decoder.value(entry));
            listen.clients.optional = property(node, "optional").and_then(|entry| decoder.boolean(entry));
        }
        "client-san" => listen.clients.names = Some(list(decoder, node)),
        "tls" => listen.tls = Some(Spanned::new(tls_settings(decoder, node), node.span)),
        "passthrough" => listen.passthrough = decoder.flag(node),
        _ => listen.redirect = redirect_to(decoder, node),
    }
}

fn listen_host(decoder: &mut Decoder<'_>, node: &Node<'_>) -> ListenHost {
    let hosts = arguments(node).filter_map(|entry| host_or_all(decoder, entry)).collect();
    let mut host = ListenHost { hosts, namespaces: None, waiver: waiver::decode(decoder, node) };
    decoder.children(node, Place::ListenHost, |decoder, _, child| host.namespaces = Some(list(decoder, child)));
    host
}

fn host_or_all(decoder: &mut Decoder<'_>, entry: &Entry<'_>) -> Said<HostPattern> {
    if matches!(&entry.value, Value::String(text) if text == "*") {
        return Some(Spanned::new(HostPattern::Any, entry.value_span));
    }
    decoder.value(entry)
}

fn tls_settings(decoder: &mut Decoder<'_>, node: &Node<'_>) -> TlsSettings {
    let versions = [("1.0", 10), ("1.1", 11), ("1.2", 12), ("1.3", 13)];
    let mut version = |key| property(node, key).and_then(|entry| decoder.choice(entry, &versions));
    let mut tls = TlsSettings { least: version("min"), most: version("max"), ..TlsSettings::default() };
    decoder.children(node, Place::Tls, |decoder, word, child| match word.name {
        "cipher" => tls.ciphers = Some(list(decoder, child)),
        _ => tls.curves = Some(list(decoder, child)),
    });
    tls
}

fn redirect_to(decoder: &mut Decoder<'_>, node: &Node<'_>) -> Said<()> {
    decoder.choice(property(node, "scheme")?, &[("https", ())])
}
