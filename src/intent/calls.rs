use super::decode::{Decoder, arguments, fitted};
use super::grammar::{MANY, Place, Repeats, Word};
use super::peer::Reference;
use super::waiver::{self, Waiver};
use crate::source::{Span, Spanned};
use crate::syntax::Node;
use crate::value::Mismatch;
use std::fmt;

pub(super) const WORDS: &[Word] = &[Word {
    name: "calls",
    places: &[Place::Mesh, Place::Namespace, Place::Profile, Place::Service, Place::Workload],
    shape: "SERVICE+ | EXTERNAL+ | kube-api | anything",
    arguments: (1, MANY),
    properties: waiver::PROPERTIES,
    block: None,
    repeats: Repeats::Adds,
    meaning: "What it calls: the scope of its proxy, its way out, and a check that the callee lets it in.",
}];

/// What is called, as it is written.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Callee {
    /// A service, or something outside.
    Reference(Reference),
    /// The API server of Kubernetes.
    KubeApi,
    /// Anything at all: no scope, no egress policy.
    Anything,
}

/// `calls`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calls {
    /// What is called.
    pub callees: Vec<Spanned<Callee>>,
    /// Why, and until when.
    pub waiver: Option<Box<Waiver>>,
    /// The node.
    pub span: Span,
}

impl Callee {
    /// Reads a callee.
    ///
    /// # Errors
    /// The text is no name.
    pub fn parse(text: &str) -> Result<Self, Mismatch> {
        match text {
            "kube-api" => Ok(Callee::KubeApi),
            "anything" => Ok(Callee::Anything),
            _ => Reference::parse(text).map(Callee::Reference).map_err(|mismatch| Mismatch {
                expected: "a service or external such as `checkout` or `checkout.shop`".to_owned(),
                ..mismatch
            }),
        }
    }
}

impl fmt::Display for Callee {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Callee::Reference(reference) => write!(f, "{reference}"),
            Callee::KubeApi => f.write_str("kube-api"),
            Callee::Anything => f.write_str("anything"),
        }
    }
}

/// Reads `calls`.
pub(super) fn decode(decoder: &mut Decoder<'_>, node: &Node<'_>) -> Calls {
    let callees = fitted(arguments(node).filter_map(|entry| decoder.value(entry)));
    Calls { callees, waiver: waiver::decode(decoder, node), span: node.span }
}
