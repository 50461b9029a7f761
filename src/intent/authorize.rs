use super::decode::{Decoder, argument, head};
use super::grammar::{Place, Repeats, Word};
use super::narrowing::{self, Conditions};
use crate::source::{Span, Spanned};
use crate::syntax::Node;
use crate::value::Name;

pub(super) const WORDS: &[Word] = &[Word {
    name: "authorize",
    places: &[Place::Mesh, Place::Namespace, Place::Profile, Place::Service],
    shape: "AUTHORIZER { path P+; method M+; host H+; header NAME VALUE*; port N+; not { } }",
    arguments: (1, 1),
    properties: &[],
    block: Some(Place::Authorize),
    repeats: Repeats::Keyed,
    meaning: "Asks an authorizer of the mesh before anything else is looked at; its yes still needs an `allow`.",
}];

/// `authorize`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authorize {
    /// Whom.
    pub authorizer: Spanned<Name>,
    /// About which requests.
    pub conditions: Conditions,
    /// The node's word and values.
    pub span: Span,
}

/// Reads `authorize`.
pub(super) fn decode(decoder: &mut Decoder<'_>, node: &Node<'_>) -> Option<Authorize> {
    let authorizer = argument(node, 0).and_then(|entry| decoder.value(entry));
    let conditions = narrowing::block(decoder, node, Place::Authorize);
    Some(Authorize { authorizer: authorizer?, conditions, span: head(node) })
}
