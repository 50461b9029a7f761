use super::access::list;
use super::body::{self, Body};
use super::decode::{Decoder, argument, head, property, push_keyed};
use super::grammar::{MANY, Place, Repeats, Word};
use super::{Said, ports};
use crate::source::{Span, Spanned};
use crate::syntax::Node;
use crate::value::{Cidr, HostPattern, Label, Name, Port, Protocol};
use smol_str::SmolStr;

/// A row of a word of `external`.
const fn row(name: &'static str, shape: &'static str, meaning: &'static str) -> Word {
    Word {
        name,
        places: &[Place::External],
        shape,
        arguments: (1, MANY),
        properties: &[],
        block: None,
        repeats: Repeats::Once,
        meaning,
    }
}

pub(super) const WORDS: &[Word] = &[
    row("host", "HOST+", "The names under which it is called; `*.` and a host stands for every host below that one."),
    Word {
        arguments: (1, 2),
        properties: &["name", "target"],
        repeats: Repeats::Keyed,
        ..row(
            "port",
            "NUMBER PROTOCOL name=LABEL target=PORT",
            "A port by which it is called and what the caller speaks; `target` is the port that is dialled, the same number unless said.",
        )
    },
    Word {
        repeats: Repeats::Adds,
        ..row("address", "CIDR+", "Addresses by which it is called, for what has no name.")
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
    /// The node's word and values.
    pub span: Span,
}

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
    Some(External { name: name?, namespace, outside, body, only_in: Vec::new() })
}

/// Whether a node is one of those that only `external` has; a removal is not.
pub(super) fn is_outside(word: &Word, node: &Node<'_>) -> bool {
    !node.name.value.starts_with('-') && WORDS.iter().any(|row| row.name == word.name)
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
        _ => outside.addresses.extend(list(decoder, node).value),
    }
}

fn port(decoder: &mut Decoder<'_>, node: &Node<'_>) -> Option<OutsidePort> {
    let ports::Numbers { number, protocol, name, target } = ports::numbers(decoder, node)?;
    Some(OutsidePort { number, protocol, name, target, span: head(node) })
}
