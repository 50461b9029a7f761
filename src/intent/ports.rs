use super::Said;
use super::decode::{Decoder, argument, head, property};
use super::grammar::{Place, Repeats, Word};
use super::mtls::{self, Mtls};
use super::resilience::{self, Resilience};
use crate::source::{Span, Spanned};
use crate::syntax::Node;
use crate::value::{Label, Port, Protocol};

pub(super) const WORDS: &[Word] = &[Word {
    name: "port",
    places: &[Place::Service],
    shape: "NUMBER PROTOCOL name=LABEL target=PORT { mtls; breaker; connection; balance }",
    arguments: (1, 2),
    properties: &["name", "target"],
    block: Some(Place::Port),
    repeats: Repeats::Keyed,
    meaning: "A port of the Kubernetes Service and what it speaks; `target` is the port of the pods.",
}];

/// `port`, of which an overlay may leave out the protocol.
#[derive(Clone, Debug)]
pub struct PortNode {
    /// Its number on the Service.
    pub number: Spanned<Port>,
    /// What it speaks.
    pub protocol: Said<Protocol>,
    /// Its name on the Service.
    pub name: Said<Label>,
    /// Its number on the pods.
    pub target: Said<Port>,
    /// `mtls` for this port alone.
    pub mtls: Option<Mtls>,
    /// `breaker`, `connection` and `balance` for this port alone.
    pub resilience: Option<Box<Resilience>>,
    /// The node's word and values.
    pub span: Span,
}

/// The arguments and properties of a `port`.
pub(super) struct Numbers {
    pub(super) number: Spanned<Port>,
    pub(super) protocol: Said<Protocol>,
    pub(super) name: Said<Label>,
    pub(super) target: Said<Port>,
}

/// Reads the arguments and properties of a `port`.
pub(super) fn numbers(decoder: &mut Decoder<'_>, node: &Node<'_>) -> Option<Numbers> {
    let number = decoder.port(argument(node, 0)?)?;
    let protocol = argument(node, 1).and_then(|entry| decoder.choice(entry, &Protocol::ALL));
    let name = property(node, "name").and_then(|entry| decoder.value(entry));
    let target = property(node, "target").and_then(|entry| decoder.port(entry));
    Some(Numbers { number, protocol, name, target })
}

/// Reads `port`.
pub(super) fn decode(decoder: &mut Decoder<'_>, node: &Node<'_>) -> Option<PortNode> {
    let Numbers { number, protocol, name, target } = numbers(decoder, node)?;
    let mut port = PortNode { number, protocol, name, target, mtls: None, resilience: None, span: head(node) };
    decoder.children(node, Place::Port, |decoder, word, child| match word.name {
        "mtls" => port.mtls = mtls::decode(decoder, child),
        _ => resilience::take(decoder, &mut port.resilience, (word, Place::Port), child),
    });
    Some(port)
}
