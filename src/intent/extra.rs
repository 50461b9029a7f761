use super::decode::{Decoder, argument, head, push_keyed};
use super::grammar::{Place, Repeats, Word};
use crate::source::{Span, Spanned};
use crate::syntax::Node;
use crate::value::Name;
use smol_str::SmolStr;

pub(super) const WORDS: &[Word] = &[Word {
    name: "extra",
    places: &[
        Place::Mesh,
        Place::Namespace,
        Place::Profile,
        Place::Service,
        Place::Workload,
        Place::Gateway,
        Place::External,
    ],
    shape: "TEMPLATE { PARAM VALUE }",
    arguments: (1, 1),
    properties: &[],
    block: Some(Place::Extra),
    repeats: Repeats::Keyed,
    meaning: "Asks for the objects of a template; in a weaker layer for each thing of the template's kind.",
}];

/// `extra TEMPLATE { PARAM VALUE }`.
#[derive(Clone, Debug)]
pub struct Extra {
    /// The template.
    pub template: Spanned<SmolStr>,
    /// Its parameters.
    pub params: Vec<Setting>,
    /// The node's word and value.
    pub span: Span,
}

/// `PARAM VALUE`.
#[derive(Clone, Debug)]
pub struct Setting {
    /// The parameter.
    pub name: Spanned<Name>,
    /// Its value.
    pub value: Spanned<SmolStr>,
}

/// A parameter's own node, whose word is its name.
static PARAM: Word = Word {
    name: "PARAM",
    places: &[Place::Extra],
    shape: "VALUE",
    arguments: (1, 1),
    properties: &[],
    block: None,
    repeats: Repeats::Many,
    meaning: "The value of a parameter.",
};

/// Reads `extra`.
pub(super) fn decode(decoder: &mut Decoder<'_>, node: &Node<'_>) -> Option<Extra> {
    let template = argument(node, 0).and_then(|entry| decoder.value(entry));
    let mut params: Vec<Setting> = Vec::new();
    for child in node.children() {
        let Some(name) = decoder.named(child).filter(|_| decoder.shape(child, &PARAM)) else { continue };
        if let Some(value) = argument(child, 0).and_then(|entry| decoder.any_text(entry)) {
            push_keyed(decoder, &mut params, "this parameter", Setting { name, value }, |said| &said.name);
        }
    }
    Some(Extra { template: template?, params, span: head(node) })
}
