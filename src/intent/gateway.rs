use super::body::{self, Body};
use super::codes::MISPLACED_NODE;
use super::decode::{Decoder, argument, head, property};
use super::grammar::{Place, Repeats, Word};
use super::listen::{self, Listen};
use super::{Said, service};
use crate::diagnostic::Diagnostic;
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
    /// Which way it leads; in unless said.
    pub kind: Said<GatewayKind>,
    /// What its block says.
    pub body: Body,
    /// The environments in which alone it exists; none: all.
    pub only_in: Vec<Spanned<SmolStr>>,
}

/// Which way a gateway leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GatewayKind {
    /// In.
    Ingress,
    /// Out.
    Egress,
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
    refuse_beside_applications(decoder, node);
    let kinds = [("ingress", GatewayKind::Ingress), ("egress", GatewayKind::Egress)];
    let kind = property(node, "kind").and_then(|entry| decoder.choice(entry, &kinds));
    if kind.as_ref().is_some_and(|kind| kind.value == GatewayKind::Egress) {
        refuse_ways_in(decoder, node);
    }
    let (name, namespace) = names?;
    Some(Gateway { name, namespace, kind, body, only_in: Vec::new() })
}

/// What an egress gateway listens for and whom it lets through follows from the externals that go through it.
fn refuse_ways_in(decoder: &mut Decoder<'_>, node: &Node<'_>) {
    for child in node.children() {
        match child.name.value.trim_start_matches('-') {
            "in" => refuse_ways_in(decoder, child),
            word @ ("listen" | "allow" | "deny" | "trusted-proxies") => decoder.found.push(
                Diagnostic::new(&MISPLACED_NODE, format!("`{word}` may not stand in an egress gateway"))
                    .at(head(child), "it lets out what goes through it, for those who call that, and nothing else")
                    .help("take it out; send an external through the gateway by `via`, and narrow its callers by its `allow`"),
            ),
            _ => {}
        }
    }
}

/// What is about a proxy and the application beside it.
fn refuse_beside_applications(decoder: &mut Decoder<'_>, node: &Node<'_>) {
    for child in node.children() {
        match child.name.value.as_ref() {
            "in" => refuse_beside_applications(decoder, child),
            "proxy" => {
                let is_beside = |part: &&Node<'_>| {
                    matches!(part.name.value.as_ref(), "hold-application" | "exclude-inbound" | "exclude-outbound")
                };
                for part in child.children().iter().filter(is_beside) {
                    decoder.found.push(
                        Diagnostic::new(&MISPLACED_NODE, format!("`{}` may not stand in a gateway", part.name.value))
                            .at(head(part), "a gateway is a proxy alone")
                            .note("beside it is no application that could wait for it, or whose connections could pass it by")
                            .help("take it out"),
                    );
                }
            }
            _ => {}
        }
    }
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
