use super::body::{self, Body};
use super::decode::{Decoder, argument, property};
use super::grammar::{ANY_KEY, Place, Repeats, Word};
use super::words::Removal;
use super::{Pairs, Said, selector};
use crate::source::{Span, Spanned};
use crate::syntax::Node;
use crate::value::Label;
use smol_str::SmolStr;
use std::collections::BTreeMap;

/// A row of the Namespace object's metadata.
const fn row(name: &'static str, meaning: &'static str) -> Word {
    let (arguments, properties, block) = ((0, 0), ANY_KEY, None);
    Word {
        name,
        places: &[Place::Namespace],
        shape: "KEY=VALUE+",
        arguments,
        properties,
        block,
        repeats: Repeats::Keyed,
        meaning,
    }
}

pub(super) const WORDS: &[Word] =
    &[row("label", "Labels of the Namespace object."), row("annotation", "Annotations of the Namespace object.")];

/// How much of a namespace is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manage {
    /// The Namespace object and all in it.
    All,
    /// What is in it; the Namespace object is someone else's.
    Contents,
    /// Nothing: its name is known.
    Nothing,
}

/// `namespace NAME { }`.
#[derive(Clone, Debug)]
pub struct Namespace {
    /// Its name.
    pub name: Spanned<Label>,
    /// How much of it is written.
    pub manage: Said<Manage>,
    /// Labels and annotations of its object.
    pub metadata: Metadata,
    /// Defaults of its services.
    pub body: Body,
    /// The environments in which alone it exists; none: all.
    pub only_in: Vec<Spanned<SmolStr>>,
}

/// Labels and annotations of a Namespace object.
#[derive(Clone, Debug, Default)]
pub struct Metadata {
    /// `label`, a list for each node.
    pub labels: Vec<Spanned<Pairs>>,
    /// `annotation`, likewise.
    pub annotations: Vec<Spanned<Pairs>>,
    /// `-label` and `-annotation`.
    pub removals: Vec<Removal>,
}

/// Reads `namespace`.
pub(super) fn decode(decoder: &mut Decoder<'_>, node: &Node<'_>) -> Option<Namespace> {
    let name = decoder.name(argument(node, 0)?);
    let choices = [("all", Manage::All), ("contents", Manage::Contents), ("nothing", Manage::Nothing)];
    let manage = property(node, "manage").and_then(|entry| decoder.choice(entry, &choices));
    let mut metadata_said = Metadata::default();
    let mut body = Body::empty(node.span);
    decoder.children(node, Place::Namespace, |decoder, word, child| {
        if is_metadata(word) {
            metadata(decoder, &mut metadata_said, word, child);
        } else {
            body::take(decoder, &mut body, (word, Place::Namespace), child);
        }
    });
    check_keys(decoder, &metadata_said);
    Some(Namespace { name: name?, manage, metadata: metadata_said, body, only_in: Vec::new() })
}

/// Whether a word of `namespace` is about its object.
pub(super) fn is_metadata(word: &Word) -> bool {
    WORDS.iter().any(|row| row.name == word.name)
}

/// Reads `label` or `annotation`.
pub(super) fn metadata(decoder: &mut Decoder<'_>, into: &mut Metadata, word: &'static Word, node: &Node<'_>) {
    if body::take_removal(decoder, &mut into.removals, word, node) {
        return;
    }
    match word.name {
        "label" => into.labels.push(selector::decode(decoder, node)),
        _ => into.annotations.push(selector::pairs(decoder, node, |_| true)),
    }
}

/// Reports the keys that several nodes of one block say.
pub(super) fn check_keys(decoder: &mut Decoder<'_>, said: &Metadata) {
    for (word, nodes) in [("label", &said.labels), ("annotation", &said.annotations)] {
        let mut first: BTreeMap<&SmolStr, Span> = BTreeMap::new();
        for (key, span) in nodes.iter().flat_map(|node| node.value.iter().map(|(key, _)| (key, node.span))) {
            match first.get(key) {
                Some(first) => decoder.twice(&format!("{word} `{key}`"), *first, span),
                None => _ = first.insert(key, span),
            }
        }
    }
}
