use super::access::{each_once, list};
use super::codes::{MISSING_PROPERTY, UNKNOWN_VALUE};
use super::decode::{Decoder, argument, arguments, property, set};
use super::grammar::{MANY, Place, Repeats, Word};
use super::peer::Peer;
use super::retry::{self, RetrySaid};
use super::timeout;
use super::waiver::{self, Waiver};
use super::{Said, Switch};
use crate::diagnostic::Diagnostic;
use crate::source::{Span, Spanned};
use crate::syntax::Node;
use crate::value::{Cidr, Duration, HostPattern, Method, Name, Path, Port};

pub(super) const WORDS: &[Word] = &[
    Word {
        name: "expose",
        places: &[Place::Service],
        shape: "GATEWAY PATH* host=HOST port=NUMBER { method M+; from CIDR+; timeout; retry }",
        arguments: (1, MANY),
        properties: &["host", "port", "reason", "until"],
        block: Some(Place::Expose),
        repeats: Repeats::Adds,
        meaning: "Opens a host and paths on a gateway, and grants that gateway exactly this.",
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
    /// The host.
    pub host: Spanned<HostPattern>,
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
    /// Why, and until when.
    pub waiver: Option<Box<Waiver>>,
    /// The node's word and values.
    pub span: Span,
}

/// Reads `expose`.
pub(super) fn decode(decoder: &mut Decoder<'_>, node: &Node<'_>) -> Option<Expose> {
    let gateway = decoder.value(argument(node, 0)?)?;
    let paths: Vec<Spanned<Path>> = arguments(node).skip(1).filter_map(|entry| decoder.value(entry)).collect();
    each_once(decoder, &paths);
    let span = node.entries.iter().fold(node.name.span, |span, entry| span.to(entry.span));
    let Some(host) = property(node, "host") else {
        decoder.found.push(
            Diagnostic::new(&MISSING_PROPERTY, "`expose` needs a host")
                .at(span, "no `host=` here")
                .help("say the host that the gateway serves: `host=shop.example`"),
        );
        return None;
    };
    let mut expose = Expose {
        gateway,
        paths,
        host: decoder.value(host)?,
        port: property(node, "port").and_then(|entry| decoder.port(entry)),
        methods: None,
        from: None,
        timeout: None,
        retry: None,
        waiver: waiver::decode(decoder, node),
        span,
    };
    decoder.children(node, Place::Expose, |decoder, word, child| part(decoder, &mut expose, word, child));
    Some(expose)
}

fn part(decoder: &mut Decoder<'_>, expose: &mut Expose, word: &'static Word, node: &Node<'_>) {
    match word.name {
        "method" => {
            let said = list(decoder, node);
            set(decoder, &mut expose.methods, "`method`", Some(said));
        }
        "from" => {
            let said = addresses(decoder, node);
            set(decoder, &mut expose.from, "`from`", Some(Spanned::new(said, node.span)));
        }
        "timeout" => {
            let said = timeout::decode(decoder, node);
            set(decoder, &mut expose.timeout, "`timeout`", said);
        }
        _ => {
            let said = retry::decode(decoder, node);
            set(decoder, &mut expose.retry, "`retry`", said);
        }
    }
}

fn addresses(decoder: &mut Decoder<'_>, node: &Node<'_>) -> Vec<Cidr> {
    let mut ranges = Vec::new();
    for entry in arguments(node) {
        match decoder.value::<Peer>(entry) {
            Some(Spanned { value: Peer::Address(range), .. }) => ranges.push(range),
            Some(other) => decoder.found.push(
                Diagnostic::new(&UNKNOWN_VALUE, format!("expected an address range, found `{}`", other.value))
                    .at(other.span, "who comes through a gateway from outside has an address, and no identity")
                    .help("write for example `from \"cidr:203.0.113.0/24\"`"),
            ),
            None => {}
        }
    }
    ranges
}
