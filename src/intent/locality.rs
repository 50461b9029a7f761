use super::access::each_once;
use super::decode::{Decoder, argument, arguments, each_once as keyed_once, fitted, head, push_keyed};
use super::grammar::{MANY, Place, Repeats, Word};
use super::words::Removal;
use super::{Said, Switch, body, selector};
use crate::diagnostic::Diagnostic;
use crate::source::{Span, Spanned};
use crate::syntax::Node;
use crate::value::{Locality as Where, Percent, Region};
use smol_str::SmolStr;

/// A row of a kind of `locality`.
const fn row(name: &'static str, shape: &'static str, meaning: &'static str) -> Word {
    Word { arguments: (0, 0), repeats: Repeats::Keyed, ..Word::once(name, &[Place::Locality], shape, meaning) }
}

pub(super) const WORDS: &[Word] = &[
    Word {
        name: "locality",
        places: &[Place::Mesh, Place::Namespace, Place::Profile, Place::Service, Place::Version],
        shape: "{ failover from=REGION to=REGION } | { prefer LABEL+ } | { distribute from=PLACE { } } | off",
        arguments: (0, 1),
        properties: &[],
        block: Some(Place::Locality),
        repeats: Repeats::Once,
        meaning: "Whether near pods come first, and where requests go when none is healthy.",
    },
    Word {
        properties: &["from", "to"],
        ..row("failover", "from=REGION to=REGION", "Where requests of a region go once its own pods are out.")
    },
    Word {
        arguments: (1, MANY),
        repeats: Repeats::Once,
        ..row(
            "prefer",
            "LABEL+",
            "Pods that have the caller's values of these labels come first, those with more of them before.",
        )
    },
    Word {
        properties: &["from"],
        block: Some(Place::Distribute),
        ..row("distribute", "from=PLACE { PLACE PERCENT }", "Which share of a place's requests goes where.")
    },
];

/// One line of `distribute`, whose word is the place.
static SHARE: Word = Word {
    name: "PLACE",
    places: &[Place::Distribute],
    shape: "PERCENT",
    arguments: (1, 1),
    properties: &[],
    block: None,
    repeats: Repeats::Many,
    meaning: "The share of requests that goes there.",
};

/// `locality`: one of its three kinds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Locality {
    /// `failover`, by the region it is for, and `-failover`.
    Failover(Vec<(Spanned<Region>, Spanned<Region>)>, Vec<Removal>),
    /// `prefer`.
    Prefer(Spanned<Vec<SmolStr>>),
    /// `distribute`, by the place it is for, and `-distribute`.
    Distribute(Vec<Distribute>, Vec<Removal>),
}

/// `distribute`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Distribute {
    /// Whose requests.
    pub from: Spanned<Where>,
    /// Where they go, and how many of them.
    pub shares: Vec<(Spanned<Where>, Spanned<Percent>)>,
}

/// What a block holds of each kind.
#[derive(Default)]
struct Kinds {
    failovers: Vec<(Spanned<Region>, Spanned<Region>)>,
    prefer: Said<Vec<SmolStr>>,
    distributes: Vec<Distribute>,
    removals: Vec<Removal>,
}

/// Reads `locality { }` or `locality off`.
pub(super) fn decode(decoder: &mut Decoder<'_>, node: &Node<'_>) -> Said<Switch<Locality>> {
    if let Some(span) = decoder.off(node) {
        return Some(Spanned::new(Switch::Off, span));
    }
    if let Some(entry) = argument(node, 0) {
        decoder.choice(entry, &[("off", ())]);
        return None;
    }
    let mut kinds = Kinds::default();
    let mut said: Vec<(&'static str, Span)> = Vec::new();
    decoder.children(node, Place::Locality, |decoder, word, child| {
        said.push((word.name, child.name.span));
        if !body::take_removal(decoder, &mut kinds.removals, word, child) {
            kind(decoder, &mut kinds, word, child);
        }
    });
    let (first, at) = *said.first()?;
    if let Some((other, span)) = said.iter().find(|(name, _)| *name != first) {
        decoder.choose_one((first, at), (other, *span));
        return None;
    }
    keyed_once(decoder, &kinds.failovers, "`failover` of this region", |(from, _)| from);
    keyed_once(decoder, &kinds.distributes, "`distribute` of this place", |node| &node.from);
    let Kinds { failovers, prefer, distributes, removals } = kinds;
    let locality = match (prefer, first) {
        (Some(labels), _) => Locality::Prefer(labels),
        (None, "distribute") if !distributes.is_empty() || !removals.is_empty() => {
            Locality::Distribute(distributes, removals)
        }
        (None, "failover") if !failovers.is_empty() || !removals.is_empty() => Locality::Failover(failovers, removals),
        (None, _) => return None,
    };
    Some(Spanned::new(Switch::On(locality), node.name.span))
}

fn kind(decoder: &mut Decoder<'_>, kinds: &mut Kinds, word: &'static Word, node: &Node<'_>) {
    let text = |fault: Diagnostic, _: Span| fault.help(format!("write `{} {}`", word.name, word.shape));
    match word.name {
        "failover" => {
            let from = decoder.required(node, "from", text).and_then(|entry| decoder.value(entry));
            let to = decoder.required(node, "to", text).and_then(|entry| decoder.value(entry));
            if let (Some(from), Some(to)) = (from, to) {
                let what = "`failover` of this region";
                push_keyed(decoder, &mut kinds.failovers, what, (from, to), |(from, _)| from);
            }
        }
        "prefer" => {
            let labels: Vec<_> = arguments(node).filter_map(|entry| selector::key(decoder, entry)).collect();
            each_once(decoder, &labels);
            let labels = fitted(labels.into_iter().map(|key| key.value));
            kinds.prefer = Some(Spanned::new(labels, head(node)));
        }
        _ => {
            let from = decoder.required(node, "from", text).and_then(|entry| decoder.value(entry));
            let shares = shares(decoder, node);
            if let Some(from) = from {
                let node = Distribute { from, shares };
                push_keyed(decoder, &mut kinds.distributes, "`distribute` of this place", node, |node| &node.from);
            }
        }
    }
}

fn shares(decoder: &mut Decoder<'_>, node: &Node<'_>) -> Vec<(Spanned<Where>, Spanned<Percent>)> {
    let mut shares = Vec::with_capacity(node.children().len());
    for child in node.children() {
        if !decoder.shape(child, &SHARE) {
            continue;
        }
        let place = decoder.named::<Where>(child);
        let percent = argument(child, 0).and_then(|entry| decoder.integer(entry, 1..=100).zip(decoder.percent(entry)));
        if let (Some(place), Some((_, percent))) = (place, percent) {
            push_keyed(decoder, &mut shares, "the share of this place", (place, percent), |(place, _)| place);
        }
    }
    keyed_once(decoder, &shares, "the share of this place", |(place, _)| place);
    shares
}
