use super::codes::UNKNOWN_NODE;
use super::decode::{Decoder, arguments, each_once as keyed_once, fitted, push_keyed};
use super::grammar::{MANY, Place, Repeats, Word};
use super::resilience::{self, Resilience};
use super::{Pairs, Said, selector};
use crate::diagnostic::{Diagnostic, Severity, nearest, or_list};
use crate::source::{Span, Spanned};
use crate::syntax::Node;
use crate::value::Label;
use std::collections::BTreeSet;

pub(super) const WORDS: &[Word] = &[Word {
    name: "versions",
    places: &[Place::Service],
    shape: "NAME+ { NAME { selector; breaker; connection; balance; locality; warm-up } }",
    arguments: (0, MANY),
    properties: &[],
    block: Some(Place::Versions),
    repeats: Repeats::Once,
    meaning: "Versions that run side by side, in order; the first is the stable one.",
}];

/// `versions`.
#[derive(Clone, Debug)]
pub struct Versions {
    /// Their names in order; empty in an overlay that changes a version alone.
    pub names: Vec<Spanned<Label>>,
    /// What is said of single versions.
    pub nodes: Vec<VersionNode>,
    /// The word.
    pub span: Span,
}

/// What is said of one version.
#[derive(Clone, Debug)]
pub struct VersionNode {
    /// Its name.
    pub name: Spanned<Label>,
    /// `selector`.
    pub selector: Said<Pairs>,
    /// `breaker`, `connection`, `balance`, `locality` and `warm-up` for this version alone.
    pub resilience: Option<Box<Resilience>>,
}

/// One version's own node, whose word is its name.
static VERSION: Word = Word {
    name: "NAME",
    places: &[Place::Versions],
    shape: "{ selector; breaker; connection; balance; locality; warm-up }",
    arguments: (0, 0),
    properties: &[],
    block: Some(Place::Version),
    repeats: Repeats::Many,
    meaning: "What is said of one version alone.",
};

/// Reads `versions`.
pub(super) fn decode(decoder: &mut Decoder<'_>, node: &Node<'_>) -> Versions {
    let names: Vec<Spanned<Label>> = fitted(arguments(node).filter_map(|entry| decoder.value(entry)));
    let mut nodes = Vec::new();
    let known: BTreeSet<&str> = names.iter().map(|name| name.value.text().as_str()).collect();
    for child in node.children() {
        if let Some(version) = version(decoder, child, (&names, &known)) {
            push_keyed(decoder, &mut nodes, "this version", version, |version| &version.name);
        }
    }
    keyed_once(decoder, &nodes, "this version", |version| &version.name);
    Versions { names, nodes, span: node.name.span }
}

fn version(
    decoder: &mut Decoder<'_>,
    node: &Node<'_>,
    (names, known): (&[Spanned<Label>], &BTreeSet<&str>),
) -> Option<VersionNode> {
    let (text, span) = (node.name.value.as_ref(), node.name.span);
    if !known.is_empty() && !known.contains(text) {
        decoder.found.push_if_kept(Severity::Error, span, || no_such_version(text, span, names));
        return None;
    }
    let name = decoder.named(node)?;
    if !decoder.shape(node, &VERSION) {
        return None;
    }
    let mut version = VersionNode { name, selector: None, resilience: None };
    decoder.children(node, Place::Version, |decoder, word, child| match word.name {
        "selector" => version.selector = Some(selector::decode(decoder, child)),
        _ => resilience::take(decoder, &mut version.resilience, (word, Place::Version), child),
    });
    Some(version)
}

fn no_such_version(text: &str, span: Span, names: &[Spanned<Label>]) -> Diagnostic {
    let names = names.iter().map(|name| name.value.text().as_str());
    let title = format!("expected {}, found `{text}`", or_list(names.clone()));
    let fault = Diagnostic::new(&UNKNOWN_NODE, title).at(span, "no version has this name");
    match nearest(text, names) {
        Some(near) => fault.fix(format!("did you mean `{near}`?"), span, near),
        None => fault.help(format!("add `{text}` to `versions`")),
    }
}
