use super::Said;
use super::conditions;
use super::decode::{Decoder, argument, head, property};
use super::grammar::{Place, Repeats, Word};
use super::narrowing::{self, Conditions};
use crate::source::{Span, Spanned};
use crate::syntax::Node;
use crate::value::{Duration, HeaderName, Name};
use smol_str::SmolStr;

pub(super) const WORDS: &[Word] = &[Word {
    name: "rate-limit",
    places: &[Place::Service],
    shape: "NAME N per=DURATION burst=N { path P+; method M+; header NAME VALUE* }",
    arguments: (1, 2),
    properties: &["per", "burst"],
    block: Some(Place::RateLimit),
    repeats: Repeats::Keyed,
    meaning: "How many requests each of its pods takes in a time; the others are answered with 429.",
}];

/// `rate-limit`, of which an overlay may leave out the number.
#[derive(Clone, Debug)]
pub struct RateLimit {
    /// Its name.
    pub name: Spanned<SmolStr>,
    /// How many requests.
    pub requests: Said<u32>,
    /// In which time.
    pub per: Said<Duration>,
    /// How many at once, after a time of silence.
    pub burst: Said<u32>,
    /// Which requests count; all unless said.
    pub conditions: Conditions,
    /// The node's word and values.
    pub span: Span,
}

/// Reads `rate-limit`.
pub(super) fn decode(decoder: &mut Decoder<'_>, node: &Node<'_>) -> Option<RateLimit> {
    let name = decoder.name::<Name>(argument(node, 0)?);
    let requests = argument(node, 1).and_then(|entry| decoder.count(entry));
    let per = property(node, "per").and_then(|entry| decoder.value(entry));
    let burst = property(node, "burst").and_then(|entry| decoder.count(entry));
    let mut conditions = Conditions::default();
    decoder.children(node, Place::RateLimit, |decoder, word, child| match word.name {
        "header" => conditions::add(decoder, &mut conditions.headers, child, HeaderName::parse),
        _ => narrowing::take(decoder, &mut conditions, word, child),
    });
    let name = name?.map(|name| name.text().clone());
    Some(RateLimit { name, requests, per, burst, conditions, span: head(node) })
}
