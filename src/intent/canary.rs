use super::conditions::{self, Match};
use super::decode::{Decoder, argument, arguments, head, property};
use super::from_text::BAD_HEADER;
use super::grammar::{MANY, Place, Repeats, Word};
use super::{Said, Switch};
use crate::source::{Span, Spanned};
use crate::syntax::Node;
use crate::value::{Duration, HeaderName, Label, Percent};

pub(super) const WORDS: &[Word] = &[
    Word {
        name: "canary",
        places: &[Place::Service],
        shape: "CANDIDATE percent=PERCENT stable=VERSION owner=argo-rollouts|flagger { match { }; steps PERCENT+; sticky } | off",
        arguments: (0, 1),
        properties: &["percent", "stable", "owner"],
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
    Word {
        name: "sticky",
        places: &[Place::Canary],
        shape: "cookie=NAME ttl=DURATION",
        arguments: (0, 0),
        properties: &["cookie", "ttl"],
        block: None,
        repeats: Repeats::Once,
        meaning: "A client that keeps cookies stays with the version that it had first; unsaid, by `mesh-` and the service's name, until it is closed.",
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
    /// How clients stay with a version.
    pub sticky: Option<Box<Sticky>>,
    /// Who else moves the share.
    pub owner: Said<CanaryOwner>,
}

/// The parts of `sticky`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sticky {
    /// The cookie.
    pub cookie: Said<HeaderName>,
    /// How long a client keeps it.
    pub ttl: Said<Duration>,
    /// The node.
    pub span: Span,
}

/// A controller that moves the share of a canary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CanaryOwner {
    /// Argo Rollouts.
    ArgoRollouts,
    /// Flagger.
    Flagger,
}

const OWNERS: [(&str, CanaryOwner); 2] =
    [("argo-rollouts", CanaryOwner::ArgoRollouts), ("flagger", CanaryOwner::Flagger)];

/// Reads `canary`.
pub(super) fn decode(decoder: &mut Decoder<'_>, node: &Node<'_>) -> CanarySaid {
    if let Some(span) = decoder.off(node) {
        return Spanned::new(Switch::Off, span);
    }
    let mut canary = Canary {
        candidate: argument(node, 0).and_then(|entry| decoder.value(entry)),
        percent: property(node, "percent").and_then(|entry| decoder.percent(entry)),
        stable: property(node, "stable").and_then(|entry| decoder.value(entry)),
        owner: property(node, "owner").and_then(|entry| decoder.choice(entry, &OWNERS)),
        ..Canary::default()
    };
    decoder.children(node, Place::Canary, |decoder, word, child| match word.name {
        "match" => canary.matches.push(conditions::decode(decoder, child, Place::Match)),
        "sticky" => canary.sticky = Some(Box::new(sticky(decoder, child))),
        _ => {
            let steps = arguments(child).filter_map(|entry| decoder.percent(entry)).collect();
            canary.steps = Some(Spanned::new(steps, child.span));
        }
    });
    canary.matches.shrink_to_fit();
    Spanned::new(Switch::On(Box::new(canary)), head(node))
}

fn sticky(decoder: &mut Decoder<'_>, node: &Node<'_>) -> Sticky {
    let cookie = property(node, "cookie").and_then(|entry| decoder.text(entry));
    let cookie = cookie.and_then(|text| match HeaderName::parse_cookie(&text.value) {
        Ok(name) => Some(Spanned::new(name, text.span)),
        Err(mismatch) => {
            decoder.mismatch(&BAD_HEADER, (&text.value, text.span), mismatch);
            None
        }
    });
    let because = "the age of a cookie is counted in seconds";
    let ttl = property(node, "ttl").and_then(|entry| decoder.whole_seconds(entry, because));
    Sticky { cookie, ttl, span: node.span }
}
