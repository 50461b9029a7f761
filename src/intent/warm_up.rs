use super::Said;
use super::decode::{Decoder, argument, head, property};
use super::grammar::{Place, Repeats, Word};
use crate::source::Spanned;
use crate::syntax::Node;
use crate::value::{Decimal, Duration, Fraction};

pub(super) const WORDS: &[Word] = &[Word {
    name: "warm-up",
    places: &[Place::Mesh, Place::Namespace, Place::Profile, Place::Service, Place::Version],
    shape: "DURATION minimum-percent=PERCENT aggression=NUMBER",
    arguments: (0, 1),
    properties: &["minimum-percent", "aggression"],
    block: None,
    repeats: Repeats::Once,
    meaning: "How long a new pod takes until it gets its whole share; from 10 percent on, in a straight line.",
}];

/// `warm-up`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WarmUp {
    /// How long it takes; an overlay may leave it out.
    pub duration: Said<Duration>,
    /// The share that a pod begins with.
    pub minimum_percent: Said<Fraction>,
    /// How steep it goes up: 1 is a straight line.
    pub aggression: Said<Decimal>,
}

/// Reads `warm-up`.
pub(super) fn decode(decoder: &mut Decoder<'_>, node: &Node<'_>) -> Spanned<WarmUp> {
    let duration = argument(node, 0).and_then(|entry| decoder.value(entry));
    let minimum_percent = property(node, "minimum-percent").and_then(|entry| decoder.fraction(entry));
    let aggression = property(node, "aggression").and_then(|entry| decoder.decimal(entry));
    Spanned::new(WarmUp { duration, minimum_percent, aggression }, head(node))
}
