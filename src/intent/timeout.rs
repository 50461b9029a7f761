use super::decode::{Decoder, argument};
use super::grammar::{Place, Repeats, Word};
use super::{Said, Switch};
use crate::syntax::Node;
use crate::value::Duration;

pub(super) const WORDS: &[Word] = &[Word {
    name: "timeout",
    places: &[
        Place::Mesh,
        Place::Namespace,
        Place::Profile,
        Place::Service,
        Place::Route,
        Place::Expose,
        Place::External,
    ],
    shape: "DURATION | off",
    arguments: (1, 1),
    properties: &[],
    block: None,
    repeats: Repeats::Once,
    meaning: "How long a whole request may take, its retries included; unsaid, there is no limit.",
}];

/// Reads `timeout "2s"` or `timeout off`.
pub(super) fn decode(decoder: &mut Decoder<'_>, node: &Node<'_>) -> Said<Switch<Duration>> {
    decoder.switch(node, |decoder| decoder.value(argument(node, 0)?))
}
