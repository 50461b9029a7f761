use super::decode::{Decoder, argument};
use super::grammar::{Place, Repeats, Word};
use super::waiver::{self, Waiver};
use crate::source::Spanned;
use crate::syntax::Node;

pub(super) const WORDS: &[Word] = &[Word {
    name: "egress",
    places: &[Place::Mesh, Place::Namespace, Place::Profile, Place::Service, Place::Workload],
    shape: "registered-only | any",
    arguments: (1, 1),
    properties: waiver::PROPERTIES,
    block: None,
    repeats: Repeats::Once,
    meaning: "What may leave besides what it calls: nothing, or whatever is dialled outside; unsaid, nothing.",
}];

/// What is done with calls to what nobody registered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unregistered {
    /// They fail.
    Refused,
    /// They go where they were sent.
    Passed,
}

/// `egress`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Egress {
    /// What is done.
    pub unregistered: Spanned<Unregistered>,
    /// Why, and until when.
    pub waiver: Option<Box<Waiver>>,
}

/// Reads `egress`.
pub(super) fn decode(decoder: &mut Decoder<'_>, node: &Node<'_>) -> Option<Egress> {
    let choices = [("registered-only", Unregistered::Refused), ("any", Unregistered::Passed)];
    let unregistered = decoder.choice(argument(node, 0)?, &choices)?;
    Some(Egress { unregistered, waiver: waiver::decode(decoder, node) })
}
