use super::conditions::{self, Match};
use super::decode::{Decoder, argument, arguments, head, property};
use super::grammar::{MANY, Place, Repeats, Word};
use super::{Said, Switch};
use crate::source::Spanned;
use crate::syntax::Node;
use crate::value::{Label, Percent};

pub(super) const WORDS: &[Word] = &[
    Word {
        name: "canary",
        places: &[Place::Service],
        shape: "CANDIDATE percent=PERCENT stable=VERSION { match { }; steps PERCENT+ } | off",
        arguments: (0, 1),
        properties: &["percent", "stable"],
        block: Some(Place::Canary),
        repeats: Repeats::Once,
        meaning: "Sends a share of the requests to a version that is tried out.",
    },
    Word {
        name: "match",
        places: &[Place::Canary],
        shape: "{ CONDITION+ }",
        arguments: (0, 0),
        properties: &[],
        block: Some(Place::Match),
        repeats: Repeats::Many,
        meaning: "Requests that always reach the candidate; several blocks: any of them.",
    },
    Word {
        name: "steps",
        places: &[Place::Canary],
        shape: "PERCENT+",
        arguments: (1, MANY),
        properties: &[],
        block: None,
        repeats: Repeats::Once,
        meaning: "The shares that a roll-out goes through, rising to 100; the percent is 0 or one of them.",
    },
];

/// `canary`: its parts, or `off`.
pub type CanarySaid = Spanned<Switch<Box<Canary>>>;

/// The parts of `canary`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Canary {
    /// The version that is tried out.
    pub candidate: Said<Label>,
    /// Its share.
    pub percent: Said<Percent>,
    /// The version that has the rest.
    pub stable: Said<Label>,
    /// Requests that always reach the candidate.
    pub matches: Vec<Match>,
    /// The shares of a roll-out.
    pub steps: Said<Vec<Spanned<Percent>>>,
}

/// Reads `canary`.
pub(super) fn decode(decoder: &mut Decoder<'_>, node: &Node<'_>) -> CanarySaid {
    if let Some(span) = decoder.off(node) {
        return Spanned::new(Switch::Off, span);
    }
    let mut canary = Canary {
        candidate: argument(node, 0).and_then(|entry| decoder.value(entry)),
        percent: property(node, "percent").and_then(|entry| decoder.percent(entry)),
        stable: property(node, "stable").and_then(|entry| decoder.value(entry)),
        ..Canary::default()
    };
    decoder.children(node, Place::Canary, |decoder, word, child| {
        if word.name == "match" {
            canary.matches.push(conditions::decode(decoder, child, Place::Match));
        } else {
            let steps = arguments(child).filter_map(|entry| decoder.percent(entry)).collect();
            canary.steps = Some(Spanned::new(steps, child.span));
        }
    });
    canary.matches.shrink_to_fit();
    Spanned::new(Switch::On(Box::new(canary)), head(node))
}
