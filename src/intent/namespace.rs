use super::body::{self, Body};
use super::decode::{Decoder, argument, property};
use super::grammar::{ANY_KEY, Place, Repeats, Word};
use super::{Pairs, Said, selector};
use crate::source::Spanned;
use crate::syntax::Node;
use crate::value::Label;
use smol_str::SmolStr;

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
        repeats: Repeats::Once,
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
    /// `label`.
    pub labels: Said<Pairs>,
    /// `annotation`.
    pub annotations: Said<Pairs>,
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
    Some(Namespace { name: name?, manage, metadata: metadata_said, body, only_in: Vec::new() })
}

/// Whether a word of `namespace` is about its object.
pub(super) fn is_metadata(word: &Word) -> bool {
    WORDS.iter().any(|row| row.name == word.name)
}

/// Reads `label` or `annotation`.
pub(super) fn metadata(decoder: &mut Decoder<'_>, into: &mut Metadata, word: &'static Word, node: &Node<'_>) {
    match word.name {
        "label" => into.labels = Some(selector::decode(decoder, node)),
        _ => into.annotations = Some(selector::pairs(decoder, node, |_| true)),
    }
}
