use super::body::{self, Body};
use super::decode::{Decoder, argument, property, set};
use super::grammar::{ANY_KEY, Place, Repeats, Word};
use super::{Pairs, Said, selector};
use crate::source::Spanned;
use crate::syntax::Node;
use crate::value::Label;
use smol_str::SmolStr;

/// A row of the Namespace object's metadata.
const fn metadata(name: &'static str, meaning: &'static str) -> Word {
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

pub(super) const WORDS: &[Word] = &[
    metadata("label", "Labels of the Namespace object."),
    metadata("annotation", "Annotations of the Namespace object."),
];

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
    /// `label`.
    pub labels: Said<Pairs>,
    /// `annotation`.
    pub annotations: Said<Pairs>,
    /// Defaults of its services.
    pub body: Body,
    /// The environments in which alone it exists; none: all.
    pub only_in: Vec<Spanned<SmolStr>>,
}

/// Reads `namespace`.
pub(super) fn decode(decoder: &mut Decoder<'_>, node: &Node<'_>) -> Option<Namespace> {
    let name = decoder.value(argument(node, 0)?);
    let choices = [("all", Manage::All), ("contents", Manage::Contents), ("nothing", Manage::Nothing)];
    let manage = property(node, "manage").and_then(|entry| decoder.choice(entry, &choices));
    let (mut labels, mut annotations) = (None, None);
    let mut body = Body::empty(node.span);
    decoder.children(node, Place::Namespace, |decoder, word, child| match word.name {
        "label" => {
            let said = selector::decode(decoder, child);
            set(decoder, &mut labels, "`label`", said);
        }
        "annotation" => {
            let said = selector::pairs(decoder, child, |_| true);
            set(decoder, &mut annotations, "`annotation`", said);
        }
        _ => body::take(decoder, &mut body, (word, Place::Namespace), child),
    });
    Some(Namespace { name: name?, manage, labels, annotations, body, only_in: Vec::new() })
}
