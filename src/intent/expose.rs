use super::access::{each_once, list};
use super::actions::{self, Actions};
use super::body;
use super::codes::{CHOOSE_ONE, UNKNOWN_VALUE};
use super::decode::{Decoder, argument, arguments, head, property};
use super::grammar::{MANY, Place, Repeats, Word};
use super::peer::Peer;
use super::retry::{self, RetrySaid};
use super::route::action::{self, Rewrite};
use super::timeout;
use super::token::{self, RequireToken};
use super::waiver::{self, Waiver};
use super::words::Removal;
use super::{Said, Switch};
use crate::diagnostic::Diagnostic;
use crate::source::{Span, Spanned};
use crate::syntax::Node;
use crate::value::{Cidr, Duration, HostPattern, Method, Name, Path, Port};

const PROPERTIES: &[&str] = &["host", "port", "listen", "reason", "until"];

pub(super) const WORDS: &[Word] = &[
    Word {
        name: "expose",
        places: &[Place::Service],
        shape: "GATEWAY PATH* host=HOST | listen=NUMBER port=NUMBER { method M+; from CIDR+; rewrite; timeout; retry; headers; cors; require-token }",
        arguments: (1, MANY),
        properties: PROPERTIES,
        block: Some(Place::Expose),
        repeats: Repeats::Adds,
        meaning: "Opens a host and paths on a gateway, or a listener of bytes, and grants that gateway exactly this.",
    },
    Word {
        name: "from",
        places: &[Place::Expose],
        shape: "\"cidr:RANGE\"+",
        arguments: (1, MANY),
        properties: &[],
        block: None,
        repeats: Repeats::Once,
        meaning: "Addresses of clients, as the gateway sees them.",
    },
];

/// `expose`.
#[derive(Clone, Debug)]
pub struct Expose {
    /// The gateway.
    pub gateway: Spanned<Name>,
    /// The paths; none: all.
    pub paths: Vec<Spanned<Path>>,
    /// Where on the gateway.
    pub door: Door,
    /// The service's port, where it is said.
    pub port: Said<Port>,
    /// Methods.
    pub methods: Said<Vec<Spanned<Method>>>,
    /// Addresses of clients.
    pub from: Said<Vec<Cidr>>,
    /// `timeout` of these requests.
    pub timeout: Said<Switch<Duration>>,
    /// `retry` of these requests.
    pub retry: Option<RetrySaid>,
    /// `rewrite` of these requests.
    pub rewrite: Said<Box<Rewrite>>,
    /// `require-token`.
    pub tokens: Vec<RequireToken>,
    /// `-require-token`.
    pub removals: Vec<Removal>,
    /// What else is done to these requests.
    pub actions: Option<Box<Actions>>,
    /// Why, and until when.
    pub waiver: Option<Box<Waiver>>,
    /// The node's word and values.
    pub span: Span,
}

/// Where on its gateway a service is exposed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Door {
    /// `host=`.
    Host(Spanned<HostPattern>),
    /// `listen=`: a listener that hands bytes on, which name no host.
    Listener(Spanned<Port>),
}

/// What the block of an `expose` says.
#[derive(Default)]
struct Parts {
    methods: Said<Vec<Spanned<Method>>>,
    from: Said<Vec<Cidr>>,
    timeout: Said<Switch<Duration>>,
    retry: Option<RetrySaid>,
    rewrite: Said<Box<Rewrite>>,
    tokens: Vec<RequireToken>,
    removals: Vec<Removal>,
    actions: Option<Box<Actions>>,
}

/// Reads `expose`.
pub(super) fn decode(decoder: &mut Decoder<'_>, node: &Node<'_>) -> Option<Expose> {
    let gateway = decoder.value(argument(node, 0)?);
    let paths: Vec<Spanned<Path>> = arguments(node).skip(1).filter_map(|entry| decoder.value(entry)).collect();
    each_once(decoder, &paths);
    let door = door(decoder, node);
    let port = property(node, "port").and_then(|entry| decoder.port(entry));
    let waiver = waiver::decode(decoder, node);
    let mut parts = Parts::default();
    decoder.children(node, Place::Expose, |decoder, word, child| part(decoder, &mut parts, word, child));
    let Parts { methods, from, timeout, retry, rewrite, actions, tokens, removals } = parts;
    Some(Expose {
        gateway: gateway?,
        paths,
        door: door?,
        port,
        methods,
        from,
        timeout,
        retry,
        rewrite,
        tokens,
        removals,
        actions,
        waiver,
        span: head(node),
    })
}

/// Reads `-expose GATEWAY PATH* host=HOST`: what is unsaid of the key, all are meant.
pub(super) fn removal(decoder: &mut Decoder<'_>, node: &Node<'_>) -> Option<Removal> {
    let gateway = decoder.value::<Name>(argument(node, 0)?);
    let mut paths: Vec<Spanned<Path>> = arguments(node).skip(1).filter_map(|entry| decoder.value(entry)).collect();
    each_once(decoder, &paths);
    paths.sort_by(|one, other| one.value.cmp(&other.value));
    let host = property(node, "host").and_then(|entry| decoder.value::<HostPattern>(entry));
    let listen = property(node, "listen").and_then(|entry| decoder.port(entry));
    let paths = paths.iter().map(|path| path.value.to_string());
    let host = host.map(|host| format!("host={}", host.value));
    let listen = listen.map(|number| format!("listen={}", number.value));
    let parts = std::iter::once(gateway?.value.text().to_string()).chain(paths).chain(host).chain(listen);
    let key = parts.collect::<Vec<_>>().join(" ");
    Some(Removal { word: "expose", key: Spanned::new(key.into(), head(node)) })
}

fn door(decoder: &mut Decoder<'_>, node: &Node<'_>) -> Option<Door> {
    let Some(listen) = property(node, "listen") else {
        let help = |fault: Diagnostic, _| {
            fault.help(
                "say the host that the gateway serves: `host=shop.example`; or the listener of bytes: `listen=5432`",
            )
        };
        let host = decoder.required(node, "host", help).and_then(|entry| decoder.value(entry));
        return host.map(Door::Host);
    };
    if let Some(host) = property(node, "host") {
        decoder.found.push(
            Diagnostic::new(&CHOOSE_ONE, "`host=` and `listen=` say where on the gateway, and both are here")
                .at(listen.span, "a listener of bytes sees no host")
                .related(host.span, "a host is served by every listener that has it")
                .help("keep `host=` for requests and TLS, `listen=` for other bytes"),
        );
    }
    decoder.port(listen).map(Door::Listener)
}

fn part(decoder: &mut Decoder<'_>, parts: &mut Parts, word: &'static Word, node: &Node<'_>) {
    if node.name.value.starts_with('-') {
        parts.removals.extend(body::removals(decoder, word, node));
        return;
    }
    match word.name {
        "require-token" => parts.tokens.push(token::decode(decoder, node, Place::DoorToken)),
        "method" => parts.methods = Some(list(decoder, node)),
        "from" => parts.from = Some(Spanned::new(addresses(decoder, node), node.span)),
        "rewrite" => parts.rewrite = action::decode_rewrite(decoder, node),
        "timeout" => parts.timeout = timeout::decode(decoder, node),
        "headers" | "cors" => actions::take(decoder, &mut parts.actions, word, node),
        _ => parts.retry = Some(retry::decode(decoder, node)),
    }
}

fn addresses(decoder: &mut Decoder<'_>, node: &Node<'_>) -> Vec<Cidr> {
    let mut ranges: Vec<Spanned<Cidr>> = Vec::new();
    for entry in arguments(node) {
        match decoder.value::<Peer>(entry) {
            Some(Spanned { value: Peer::Address(range), span }) => ranges.push(Spanned::new(range, span)),
            Some(other) => decoder.found.push(
                Diagnostic::new(&UNKNOWN_VALUE, format!("expected an address range, found `{}`", other.value))
                    .at(other.span, "who comes through a gateway from outside has an address, and no identity")
                    .help("write for example `from \"cidr:203.0.113.0/24\"`"),
            ),
            None => {}
        }
    }
    each_once(decoder, &ranges);
    ranges.into_iter().map(|range| range.value).collect()
}
