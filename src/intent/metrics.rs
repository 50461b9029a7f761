//! The parts of `metrics`, whose rows stand with those of `telemetry`.

use super::decode::{Decoder, argument, each_once as keyed_once, head, property, push_keyed};
use super::grammar::Place;
use super::telemetry::each;
use super::words::Removal;
use super::{Said, body};
use crate::source::Spanned;
use crate::syntax::{Entry, Node};
use crate::value::{Cel, Metric, Name, TagName};

/// The parts of `metrics`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Metrics {
    /// Where they are kept.
    pub provider: Said<Name>,
    /// `tag`.
    pub tags: Vec<MetricTag>,
    /// `drop-tag`.
    pub dropped_tags: Vec<Spanned<TagName>>,
    /// `drop`.
    pub dropped: Vec<Spanned<Metric>>,
    /// `-tag`, `-drop-tag` and `-drop`.
    pub removals: Vec<Removal>,
}

/// Whose proxy counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    /// The caller's.
    Client,
    /// The service's.
    Server,
}

/// `tag` of `metrics`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MetricTag {
    /// Its name, of which metric and whose proxy.
    pub key: Spanned<(TagName, Metric, Option<Side>)>,
    /// What it holds.
    pub value: Spanned<Cel>,
}

/// Reads `metrics`.
pub(super) fn decode(decoder: &mut Decoder<'_>, node: &Node<'_>) -> Spanned<Metrics> {
    let mut metrics =
        Metrics { provider: argument(node, 0).and_then(|entry| decoder.value(entry)), ..Metrics::default() };
    decoder.children(node, Place::Metrics, |decoder, word, child| {
        if !body::take_removal(decoder, &mut metrics.removals, word, child) {
            part(decoder, &mut metrics, word.name, child);
        }
    });
    keyed_once(decoder, &metrics.tags, "this tag", |tag| &tag.key);
    keyed_once(decoder, &metrics.dropped_tags, "`drop-tag` of this tag", |name| name);
    Spanned::new(metrics, head(node))
}

fn part(decoder: &mut Decoder<'_>, metrics: &mut Metrics, word: &str, node: &Node<'_>) {
    match word {
        "tag" => {
            if let Some(tag) = tag(decoder, node) {
                let what = format!("the tag `{}`", tag.key.value.0);
                push_keyed(decoder, &mut metrics.tags, &what, tag, |tag| &tag.key);
            }
        }
        "drop-tag" => {
            for name in each(decoder, node, tag_name) {
                let what = format!("`drop-tag {}`", name.value);
                push_keyed(decoder, &mut metrics.dropped_tags, &what, name, |name| name);
            }
        }
        _ => {
            for metric in each(decoder, node, metric) {
                let what = format!("`drop {}`", metric.value.word());
                push_keyed(decoder, &mut metrics.dropped, &what, metric, |metric| metric);
            }
        }
    }
}

fn tag_name(decoder: &mut Decoder<'_>, entry: &Entry<'_>) -> Said<TagName> {
    decoder.value(entry)
}

fn metric(decoder: &mut Decoder<'_>, entry: &Entry<'_>) -> Said<Metric> {
    decoder.choice(entry, &Metric::ALL)
}

fn tag(decoder: &mut Decoder<'_>, node: &Node<'_>) -> Option<MetricTag> {
    let name = argument(node, 0).and_then(|entry| decoder.value::<TagName>(entry));
    let value = argument(node, 1).and_then(|entry| decoder.value(entry));
    let metric = property(node, "metric").map(|entry| decoder.choice(entry, &Metric::ALL));
    let sides = [("client", Side::Client), ("server", Side::Server)];
    let side = property(node, "side").map(|entry| decoder.choice(entry, &sides));
    let metric = metric.map_or(Some(Metric::All), |said| said.map(|said| said.value))?;
    let side = match side {
        Some(said) => Some(said?.value),
        None => None,
    };
    let name = name?;
    Some(MetricTag { key: Spanned::new((name.value, metric, side), name.span), value: value? })
}
