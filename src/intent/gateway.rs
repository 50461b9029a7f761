use super::body::{self, Body};
use super::decode::{Decoder, argument};
use super::grammar::{Place, Repeats, Word};
use super::listen::{self, Listen};
use super::{Said, service};
use crate::source::Spanned;
use crate::syntax::Node;
use crate::value::{Label, Name};
use smol_str::SmolStr;

/// Envoy counts the hops of `x-forwarded-for` from its end; more than these no network has.
const MOST_PROXIES: u32 = 100;

pub(super) const WORDS: &[Word] = &[Word {
    name: "trusted-proxies",
    places: &[Place::Gateway],
    shape: "N",
    arguments: (1, 1),
    properties: &[],
    block: None,
    repeats: Repeats::Once,
    meaning: "How many proxies that are trusted stand before it: the address of a client is the one that the first of them saw; none unless said.",
}];

/// `gateway NAME namespace=NAMESPACE { }`.
#[derive(Clone, Debug)]
pub struct Gateway {
    /// Its name.
    pub name: Spanned<Name>,
    /// The namespace of its pods.
    pub namespace: Spanned<Label>,
    /// What its block says.
    pub body: Body,
    /// The environments in which alone it exists; none: all.
    pub only_in: Vec<Spanned<SmolStr>>,
}

/// The words that only a gateway has.
#[derive(Clone, Debug, Default)]
pub struct Edge {
    /// Its listeners.
    pub listeners: Vec<Listen>,
    /// How many proxies stand before it.
    pub trusted_proxies: Said<u32>,
}

/// Reads `gateway`.
pub(super) fn decode(decoder: &mut Decoder<'_>, node: &Node<'_>) -> Option<Gateway> {
    let names = service::name_and_namespace(decoder, node);
    let body = body::decode(decoder, node, Place::Gateway);
    let (name, namespace) = names?;
    Some(Gateway { name, namespace, body, only_in: Vec::new() })
}

/// Reads one of the words that only a gateway has.
pub(super) fn edge(decoder: &mut Decoder<'_>, edge: &mut Edge, word: &'static Word, node: &Node<'_>) {
    match word.name {
        "trusted-proxies" => {
            edge.trusted_proxies = argument(node, 0).and_then(|entry| decoder.integer(entry, 0..=MOST_PROXIES));
        }
        _ => listen::decode(decoder, &mut edge.listeners, node),
    }
}
