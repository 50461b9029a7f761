use super::Said;
use super::decode::{Decoder, argument, property, push_keyed};
use super::grammar::{Place, Repeats, Word};
use crate::source::Spanned;
use crate::syntax::Node;
use crate::value::Name;
use smol_str::SmolStr;

pub(super) const WORDS: &[Word] = &[Word {
    name: "var",
    places: &[Place::Mesh, Place::Environment],
    shape: "NAME VALUE",
    arguments: (2, 2),
    properties: &[],
    block: None,
    repeats: Repeats::Many,
    meaning: "A text that `${NAME}` inserts into strings; an environment's wins over the mesh's.",
}];

/// `environment NAME extends=NAME { }`.
#[derive(Clone, Debug)]
pub struct Environment {
    /// Its name.
    pub name: Spanned<Name>,
    /// What it extends.
    pub extends: Said<Name>,
    /// Its variables.
    pub variables: Vec<(Spanned<SmolStr>, Spanned<SmolStr>)>,
}

/// Reads `environment`.
pub(super) fn decode(decoder: &mut Decoder<'_>, node: &Node<'_>) -> Option<Environment> {
    let name = decoder.name(argument(node, 0)?);
    let extends = property(node, "extends").and_then(|entry| decoder.name(entry));
    let mut variables = Vec::new();
    decoder.children(node, Place::Environment, |decoder, _, child| variable(decoder, &mut variables, child));
    Some(Environment { name: name?, extends, variables })
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
