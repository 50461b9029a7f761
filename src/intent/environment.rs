use super::Said;
use super::access::each_once;
use super::decode::{Decoder, argument, arguments, property, push_keyed};
use super::grammar::{MANY, Place, Repeats, Word};
use crate::source::Spanned;
use crate::syntax::Node;
use crate::value::{Name, Risk};
use smol_str::SmolStr;

pub(super) const WORDS: &[Word] = &[
    Word {
        name: "var",
        places: &[Place::Mesh, Place::Environment],
        shape: "NAME VALUE",
        arguments: (2, 2),
        properties: &[],
        block: None,
        repeats: Repeats::Many,
        meaning: "A text that `${NAME}` inserts into strings; an environment's wins over the mesh's.",
    },
    Word {
        name: "cluster",
        places: &[Place::Environment],
        shape: "NAME+",
        arguments: (1, MANY),
        properties: &[],
        block: None,
        repeats: Repeats::Once,
        meaning: "The clusters in which the environment is deployed; unsaid, those of what it extends. Guards and templates see them.",
    },
    Word {
        name: "risk",
        places: &[Place::Environment],
        shape: "CLASS none|low|medium|high|critical",
        arguments: (2, 2),
        properties: &[],
        block: None,
        repeats: Repeats::Many,
        meaning: "How much a class of changes can do in this environment, and in those that extend it.",
    },
];

/// `environment NAME extends=NAME { }`.
#[derive(Clone, Debug)]
pub struct Environment {
    /// Its name.
    pub name: Spanned<Name>,
    /// What it extends.
    pub extends: Said<Name>,
    /// Its variables.
    pub variables: Vec<(Spanned<SmolStr>, Spanned<SmolStr>)>,
    /// `cluster`.
    pub clusters: Vec<Spanned<Name>>,
    /// `risk CLASS RISK`, by the name of the class.
    pub risks: Vec<(Spanned<SmolStr>, Spanned<Risk>)>,
}

/// Reads `environment`.
pub(super) fn decode(decoder: &mut Decoder<'_>, node: &Node<'_>) -> Option<Environment> {
    let name = decoder.name(argument(node, 0)?);
    let extends = property(node, "extends").and_then(|entry| decoder.name(entry));
    let (mut variables, mut clusters, mut risks) = (Vec::new(), Vec::new(), Vec::new());
    decoder.children(node, Place::Environment, |decoder, word, child| match word.name {
        "cluster" => {
            clusters = arguments(child).filter_map(|entry| decoder.name(entry)).collect();
            each_once(decoder, &clusters);
        }
        "risk" => risk(decoder, &mut risks, child),
        _ => variable(decoder, &mut variables, child),
    });
    Some(Environment { name: name?, extends, variables, clusters, risks })
}

fn risk(decoder: &mut Decoder<'_>, risks: &mut Vec<(Spanned<SmolStr>, Spanned<Risk>)>, node: &Node<'_>) {
    let class = argument(node, 0).and_then(|entry| decoder.value(entry));
    let risk = argument(node, 1).and_then(|entry| decoder.choice(entry, &Risk::ALL.map(|risk| (risk.name(), risk))));
    let (Some(class), Some(risk)) = (class, risk) else { return };
    push_keyed(decoder, risks, "this class", (class, risk), |pair| &pair.0);
}

/// Reads `var` into `variables`.
pub(super) fn variable(
    decoder: &mut Decoder<'_>,
    variables: &mut Vec<(Spanned<SmolStr>, Spanned<SmolStr>)>,
    node: &Node<'_>,
) {
    let name = argument(node, 0).and_then(|entry| decoder.name::<Name>(entry));
    let value = argument(node, 1).and_then(|entry| decoder.value_of_variable(entry));
    let (Some(name), Some(value)) = (name, value) else { return };
    let pair = (name.map(|name| name.text().clone()), value);
    push_keyed(decoder, variables, "this variable", pair, |pair| &pair.0);
}
