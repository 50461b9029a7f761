use super::access::list;
use super::decode::{Decoder, argument, arguments, head, property, push_keyed};
use super::grammar::{MANY, Place, Repeats, Word};
use super::service::{self, Account};
use super::waiver::{self, Waiver};
use super::{Pairs, Said, selector};
use crate::source::{Span, Spanned};
use crate::syntax::{Entry, Node, Value};
use crate::value::{HostPattern, Label, Name, Port};
use smol_str::SmolStr;

/// A row of a word of a listener.
const fn row(name: &'static str, place: &'static [Place], shape: &'static str, meaning: &'static str) -> Word {
    Word {
        name,
        places: place,
        shape,
        arguments: (1, MANY),
        properties: &[],
        block: None,
        repeats: Repeats::Once,
        meaning,
    }
}

pub(super) const WORDS: &[Word] = &[
    Word {
        block: Some(Place::Listen),
        arguments: (1, 2),
        properties: &["target"],
        repeats: Repeats::Many,
        ..row(
            "listen",
            &[Place::Gateway],
            "NUMBER http | https target=PORT { }",
            "A port of the gateway's Service; `target` is the port of its pods, the same number unless said.",
        )
    },
    Word {
        block: Some(Place::ListenHost),
        properties: waiver::PROPERTIES,
        repeats: Repeats::Many,
        ..row("host", &[Place::Listen], "HOST+ { namespace NAME+ }", "Hosts that are served here; `*` is every host.")
    },
    row("namespace", &[Place::ListenHost], "NAME+", "The namespaces whose services may be exposed on these hosts."),
    Word {
        arguments: (1, 2),
        ..row(
            "certificate",
            &[Place::Listen],
            "SECRET SECRET?",
            "The Secret with the certificate, in the gateway's namespace.",
        )
    },
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
        arguments: (0, 0),
        properties: &["scheme"],
        ..row("redirect", &[Place::Listen], "scheme=https", "Sends every request of this listener to https.")
    },
];

/// `gateway NAME namespace=NAMESPACE { }`.
#[derive(Clone, Debug)]
pub struct Gateway {
    /// Its name.
    pub name: Spanned<Name>,
    /// The namespace of its pods.
    pub namespace: Spanned<Label>,
    /// The labels of its pods.
    pub selector: Said<Pairs>,
    /// The account of its pods.
    pub account: Option<Account>,
    /// Its listeners.
    pub listeners: Vec<Listen>,
    /// The environments in which alone it exists; none: all.
    pub only_in: Vec<Spanned<SmolStr>>,
    /// The node.
    pub span: Span,
}

/// What a listener speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListenProtocol {
    /// HTTP.
    Http,
    /// HTTP over TLS, which ends here.
    Https,
}

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
    /// Its certificates.
    pub certificates: Said<Certificates>,
    /// `tls`.
    pub tls: Said<TlsSettings>,
    /// `redirect scheme=https`.
    pub redirect: Said<()>,
    /// The node's word and values.
    pub span: Span,
}

/// The Secrets of a listener: one, or one for each kind of key.
pub type Certificates = Vec<Spanned<Label>>;

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
    /// The oldest version: 12 or 13.
    pub least: Said<u8>,
    /// The newest version: 12 or 13.
    pub most: Said<u8>,
    /// Cipher suites.
    pub ciphers: Said<Vec<Spanned<SmolStr>>>,
    /// Curves.
    pub curves: Said<Vec<Spanned<SmolStr>>>,
}

/// Reads `gateway`.
pub(super) fn decode(decoder: &mut Decoder<'_>, node: &Node<'_>) -> Option<Gateway> {
    let names = service::name_and_namespace(decoder, node);
    let (mut selector, mut account, mut listeners) = (None, None, Vec::new());
    decoder.children(node, Place::Gateway, |decoder, word, child| match word.name {
        "selector" => selector = Some(selector::decode(decoder, child)),
        "service-account" => account = service::decode_account(decoder, child),
        _ => {
            if let Some(listen) = listen(decoder, child) {
                push_keyed(decoder, &mut listeners, "this listener", listen, |listen| &listen.number);
            }
        }
    });
    let (name, namespace) = names?;
    Some(Gateway { name, namespace, selector, account, listeners, only_in: Vec::new(), span: node.span })
}

fn listen(decoder: &mut Decoder<'_>, node: &Node<'_>) -> Option<Listen> {
    let number = decoder.port(argument(node, 0)?);
    let protocols = [("http", ListenProtocol::Http), ("https", ListenProtocol::Https)];
    let protocol = argument(node, 1).and_then(|entry| decoder.choice(entry, &protocols));
    let target = property(node, "target").and_then(|entry| decoder.port(entry));
    let (mut hosts, mut certificates, mut tls, mut redirect) = (Vec::new(), None, None, None);
    decoder.children(node, Place::Listen, |decoder, word, child| match word.name {
        "host" => hosts.push(listen_host(decoder, child)),
        "certificate" => {
            let said = arguments(child).filter_map(|entry| decoder.value(entry)).collect();
            certificates = Some(Spanned::new(said, child.span));
        }
        "tls" => tls = Some(Spanned::new(tls_settings(decoder, child), child.span)),
        _ => redirect = redirect_to(decoder, child),
    });
    Some(Listen { number: number?, protocol, target, hosts, certificates, tls, redirect, span: head(node) })
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
