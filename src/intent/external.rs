use super::access::list;
use super::body::{self, Body};
use super::codes::UNKNOWN_VALUE;
use super::decode::{Decoder, argument, arguments, each_once as keyed_once, head, property, push_keyed};
use super::from_text::BAD_LABEL;
use super::grammar::{ANY_KEY, MANY, Place, Repeats, Word};
use super::originate_tls::{self, OriginateTls};
use super::peer::Peer;
use super::{Pairs, Said, ports, selector, waiver};
use crate::diagnostic::Diagnostic;
use crate::source::{Span, Spanned};
use crate::syntax::{Entry, Node};
use crate::value::{Address, Cidr, HostPattern, Label, Name, Port, Protocol, is_label_value};
use smol_str::SmolStr;

/// A row of a word of `external`.
const fn row(name: &'static str, shape: &'static str, meaning: &'static str) -> Word {
    Word { arguments: (1, MANY), ..Word::once(name, &[Place::External], shape, meaning) }
}

pub(super) const WORDS: &[Word] = &[
    row("host", "HOST+", "The names under which it is called; `*.` and a host stands for every host below that one."),
    Word {
        arguments: (1, 2),
        properties: &["name", "target"],
        block: Some(Place::OutsidePort),
        repeats: Repeats::Keyed,
        ..row(
            "port",
            "NUMBER PROTOCOL name=LABEL target=PORT { originate-tls }",
            "A port by which it is called and what the caller speaks; `target` is the port that is dialled, the same number unless said.",
        )
    },
    Word {
        repeats: Repeats::Adds,
        ..row("address", "CIDR+", "Addresses by which it is called, for what has no name.")
    },
    Word {
        arguments: (1, 1),
        properties: &["port", "locality", "weight"],
        block: Some(Place::Endpoint),
        repeats: Repeats::Adds,
        ..row(
            "endpoint",
            "ADDRESS port=PORT locality=REGION/ZONE/SUBZONE weight=N { label }",
            "An address or name that is dialled, in place of the host's own; `port` is dialled there for every port.",
        )
    },
    Word {
        places: &[Place::Endpoint],
        arguments: (0, 0),
        properties: ANY_KEY,
        ..row("label", "KEY=VALUE+", "Labels of the endpoint, which `locality` and its like go by.")
    },
    Word {
        arguments: (1, 1),
        ..row(
            "resolution",
            "dns | dns-round-robin | dynamic-dns | static | none",
            "How its address is found: by name, one address of a name at a time, by the name that is asked for, as said, or as dialled.",
        )
    },
    Word {
        arguments: (1, 1),
        ..row(
            "via",
            "GATEWAY",
            "The egress gateway through which alone it is reached. The Kubernetes Service of its pods has the gateway's name and port 443, which leads to 443 or 8443 of the pods.",
        )
    },
    Word {
        properties: waiver::PROPERTIES,
        repeats: Repeats::Adds,
        ..row("allow", "PEER+", "Who may call it; unsaid, whoever does.")
    },
];

/// `external NAME namespace=NAMESPACE { }`.
#[derive(Clone, Debug)]
pub struct External {
    /// Its name.
    pub name: Spanned<Name>,
    /// Its namespace; none: it is the whole mesh's.
    pub namespace: Said<Label>,
    /// What its block says of itself.
    pub outside: Outside,
    /// What its block says in words that services have too.
    pub body: Body,
    /// The environments in which alone it exists; none: all.
    pub only_in: Vec<Spanned<SmolStr>>,
}

/// What a block says of something outside.
#[derive(Clone, Debug, Default)]
pub struct Outside {
    /// `host`.
    pub hosts: Said<Vec<Spanned<HostPattern>>>,
    /// `port`.
    pub ports: Vec<OutsidePort>,
    /// `address`.
    pub addresses: Vec<Spanned<Cidr>>,
    /// `endpoint`.
    pub endpoints: Vec<Endpoint>,
    /// `resolution`.
    pub resolution: Said<Resolution>,
    /// `via`.
    pub via: Said<Name>,
}

/// `port` of something outside, of which an overlay may leave out the protocol.
#[derive(Clone, Debug)]
pub struct OutsidePort {
    /// Its number, as callers use it.
    pub number: Spanned<Port>,
    /// What callers speak.
    pub protocol: Said<Protocol>,
    /// Its name.
    pub name: Said<Label>,
    /// The number that is dialled.
    pub target: Said<Port>,
    /// `originate-tls`.
    pub tls: Option<Box<OriginateTls>>,
    /// The node's word and values.
    pub span: Span,
}

/// `endpoint`.
#[derive(Clone, Debug)]
pub struct Endpoint {
    /// What is dialled.
    pub address: Spanned<Address>,
    /// The port that is dialled there.
    pub port: Said<Port>,
    /// Where it is.
    pub locality: Said<SmolStr>,
    /// Its share beside the others.
    pub weight: Said<u32>,
    /// Its labels.
    pub labels: Said<Pairs>,
}

/// How an address is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resolution {
    /// By name, all addresses at once.
    Dns,
    /// By name, one address at a time.
    DnsRoundRobin,
    /// By the name that is asked for.
    DynamicDns,
    /// As said.
    Static,
    /// As dialled.
    None,
}

const RESOLUTIONS: [(&str, Resolution); 5] = [
    ("dns", Resolution::Dns),
    ("dns-round-robin", Resolution::DnsRoundRobin),
    ("dynamic-dns", Resolution::DynamicDns),
    ("static", Resolution::Static),
    ("none", Resolution::None),
];

/// Reads `external`.
pub(super) fn decode(decoder: &mut Decoder<'_>, node: &Node<'_>) -> Option<External> {
    let name = argument(node, 0).and_then(|entry| decoder.name(entry));
    let namespace = property(node, "namespace").and_then(|entry| decoder.value(entry));
    let mut outside = Outside::default();
    let mut body = Body::empty(node.span);
    decoder.children(node, Place::External, |decoder, word, child| {
        if is_outside(word, child) {
            part(decoder, &mut outside, word, child);
        } else {
            body::take(decoder, &mut body, (word, Place::External), child);
        }
    });
    keyed_once(decoder, &outside.ports, "this port", |port| &port.number);
    let overlaid = body.overlays.iter().map(|overlay| &overlay.body);
    std::iter::once(&body).chain(overlaid).for_each(|body| refuse_strangers(decoder, body));
    Some(External { name: name?, namespace, outside, body, only_in: Vec::new() })
}

/// Who has no proxy that could be told the way out is nobody's caller here.
fn refuse_strangers(decoder: &mut Decoder<'_>, body: &Body) {
    for peer in body.words.allow.iter().flat_map(|grant| &grant.peers) {
        if !matches!(peer.value, Peer::Address(_) | Peer::Anyone | Peer::KubeApi) {
            continue;
        }
        decoder.found.push(
            Diagnostic::new(&UNKNOWN_VALUE, format!("expected a caller of the mesh, found `{}`", peer.value))
                .at(peer.span, "does not call by a proxy of the mesh")
                .note("what is outside is known to the proxies of those who call it, and of those alone")
                .help("name services, workloads, namespaces or gateways, such as `allow checkout`"),
        );
    }
}

/// Whether a node is one of those that only `external` has; a removal is not, nor is `allow`.
pub(super) fn is_outside(word: &Word, node: &Node<'_>) -> bool {
    const OUTSIDE: [&str; 6] = ["host", "port", "address", "endpoint", "resolution", "via"];
    !node.name.value.starts_with('-') && OUTSIDE.contains(&word.name)
}

/// Reads a word that only `external` has.
pub(super) fn part(decoder: &mut Decoder<'_>, outside: &mut Outside, word: &'static Word, node: &Node<'_>) {
    match word.name {
        "host" => outside.hosts = Some(list(decoder, node)),
        "port" => {
            if let Some(port) = port(decoder, node) {
                push_keyed(decoder, &mut outside.ports, "this port", port, |port| &port.number);
            }
        }
        // What is said twice is told where the layers are laid, on one line too.
        "address" => outside.addresses.extend(arguments(node).filter_map(|entry| decoder.value(entry))),
        "endpoint" => outside.endpoints.extend(endpoint(decoder, node)),
        "resolution" => outside.resolution = argument(node, 0).and_then(|entry| decoder.choice(entry, &RESOLUTIONS)),
        _ => outside.via = argument(node, 0).and_then(|entry| decoder.value(entry)),
    }
}

fn port(decoder: &mut Decoder<'_>, node: &Node<'_>) -> Option<OutsidePort> {
    let ports::Numbers { number, protocol, name, target } = ports::numbers(decoder, node)?;
    let mut tls = None;
    decoder.children(node, Place::OutsidePort, |decoder, _, child| {
        tls = Some(Box::new(originate_tls::decode(decoder, child)));
    });
    Some(OutsidePort { number, protocol, name, target, tls, span: head(node) })
}

fn endpoint(decoder: &mut Decoder<'_>, node: &Node<'_>) -> Option<Endpoint> {
    let address = decoder.value(argument(node, 0)?);
    let port = property(node, "port").and_then(|entry| decoder.port(entry));
    let locality = property(node, "locality").and_then(|entry| locality(decoder, entry));
    let weight = property(node, "weight").and_then(|entry| decoder.integer(entry, 1..=i32::MAX.unsigned_abs()));
    let mut labels = None;
    decoder.children(node, Place::Endpoint, |decoder, _, child| labels = Some(selector::decode(decoder, child)));
    Some(Endpoint { address: address?, port, locality, weight, labels })
}

/// A region, a zone in it and a part of that.
fn locality(decoder: &mut Decoder<'_>, entry: &Entry<'_>) -> Said<SmolStr> {
    let text = decoder.text(entry)?;
    let parts = text.value.split('/').count();
    if parts > 3 || !text.value.split('/').all(|part| !part.is_empty() && is_label_value(part)) {
        let title = format!("expected a region such as `\"eu-west-1/a\"`, found `{}`", text.value);
        decoder.found.push(
            Diagnostic::new(&BAD_LABEL, title)
                .at(text.span, "at most three parts between `/`: a region, a zone in it and a part of that"),
        );
        return None;
    }
    Some(text.map(|text| text.as_ref().into()))
}
