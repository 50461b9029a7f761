use super::decode::{Decoder, argument, head, property};
use super::grammar::{Place, Repeats, Word};
use super::route::action::{self, TargetNode};
use super::{Said, Switch};
use crate::source::{Span, Spanned};
use crate::syntax::Node;
use crate::value::Fraction;
use std::collections::BTreeMap;

/// A row of `mirror`.
const fn row(places: &'static [Place], shape: &'static str) -> Word {
    Word {
        name: "mirror",
        places,
        shape,
        arguments: (1, 1),
        properties: &["version", "port", "percent"],
        block: None,
        repeats: Repeats::Keyed,
        meaning: "Copies of requests for a version or a service, whose answers nobody sees; all of them unless said.",
    }
}

pub(super) const WORDS: &[Word] = &[
    row(&[Place::Service], "TARGET version=VERSION port=NUMBER percent=PERCENT"),
    row(&[Place::Route], "TARGET version=VERSION port=NUMBER percent=PERCENT | off"),
];

/// `mirror`, or `mirror off` of a route, which drops those of its service.
#[derive(Clone, Debug)]
pub struct Mirror {
    /// Whom the copies are for.
    pub target: Switch<TargetNode>,
    /// How many of the requests.
    pub percent: Said<Fraction>,
    /// The node's word and values.
    pub span: Span,
}

/// Reads `mirror`, which stands in a `place`.
pub(super) fn decode(decoder: &mut Decoder<'_>, node: &Node<'_>, place: Place) -> Option<Mirror> {
    let span = head(node);
    if place == Place::Route && decoder.off(node).is_some() {
        return Some(Mirror { target: Switch::Off, percent: None, span });
    }
    let name: Spanned<_> = decoder.value(argument(node, 0)?)?;
    let target = Switch::On(action::target(decoder, name, node));
    let percent = property(node, "percent").and_then(|entry| decoder.fraction(entry));
    Some(Mirror { target, percent, span })
}

/// Adds a mirror to those of its block, which are told apart by their targets.
pub(super) fn push(decoder: &mut Decoder<'_>, list: &mut Vec<Mirror>, mirror: Option<Mirror>) {
    let Some(mirror) = mirror else { return };
    let name = |mirror: &Mirror| match &mirror.target {
        Switch::On(target) => Some(target.name.clone()),
        Switch::Off => None,
    };
    let few = list.iter().take(if list.len() < FEW { FEW } else { 0 });
    let first = few.filter_map(name).find(|first| name(&mirror).is_some_and(|own| own.value == first.value));
    match first {
        Some(first) => decoder.twice(&format!("`mirror {}`", first.value), first.span, mirror.span),
        None => list.push(mirror),
    }
}

/// So many are compared one by one as they come; where there are more, all at once at the end of their block.
const FEW: usize = 32;

/// Reports mirrors of one target where they are so many that [`push`] did not.
pub(super) fn each_once(decoder: &mut Decoder<'_>, list: &[Mirror]) {
    if list.len() <= FEW {
        return;
    }
    let mut first: BTreeMap<String, Span> = BTreeMap::new();
    for mirror in list {
        let Switch::On(target) = &mirror.target else { continue };
        let name = target.name.value.to_string();
        match first.get(&name) {
            Some(first) => decoder.twice(&format!("`mirror {name}`"), *first, mirror.span),
            None => _ = first.insert(name, target.name.span),
        }
    }
}
