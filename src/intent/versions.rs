use super::codes::UNKNOWN_NODE;
use super::decode::{Decoder, arguments, fitted, set};
use super::grammar::{MANY, Place, Repeats, Word};
use super::{Breaker, Pairs, Said, Switch, breaker, selector};
use crate::diagnostic::{Diagnostic, nearest};
use crate::source::{Span, Spanned};
use crate::syntax::Node;
use crate::value::Label;

pub(super) const WORDS: &[Word] = &[Word {
    name: "versions",
    places: &[Place::Service],
    shape: "NAME+ { NAME { selector KEY=VALUE+; breaker { } } }",
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
    /// `breaker` for this version alone.
    pub breaker: Said<Switch<Box<Breaker>>>,
}

/// Reads `versions`.
pub(super) fn decode(decoder: &mut Decoder<'_>, node: &Node<'_>) -> Option<Versions> {
    let names: Vec<Spanned<Label>> = fitted(arguments(node).filter_map(|entry| decoder.value(entry)));
    let mut nodes = Vec::new();
    if let Some(block) = &node.block {
        for child in &block.nodes {
            nodes.extend(version(decoder, child, &names));
        }
    }
    if names.is_empty() && nodes.is_empty() {
        let title = "`versions` needs a name";
        decoder
            .found
            .push(Diagnostic::new(&super::codes::MISSING_ARGUMENT, title).at(node.name.span, "a name is missing here"));
        return None;
    }
    Some(Versions { names, nodes, span: node.name.span })
}

fn version(decoder: &mut Decoder<'_>, node: &Node<'_>, names: &[Spanned<Label>]) -> Option<VersionNode> {
    let text = node.name.value.as_ref();
    let known = names.iter().find(|name| name.value.text() == text);
    if known.is_none() && !names.is_empty() {
        let fault = Diagnostic::new(&UNKNOWN_NODE, format!("expected one of the versions, found `{text}`"))
            .at(node.name.span, "no version has this name");
        decoder.found.push(match nearest(text, names.iter().map(|name| name.value.text().as_str())) {
            Some(near) => fault.fix(format!("did you mean `{near}`?"), node.name.span, near),
            None => fault.help(format!("add `{text}` to `versions`")),
        });
        return None;
    }
    let name = Label::parse(text).ok()?;
    let mut version = VersionNode { name: Spanned::new(name, node.name.span), selector: None, breaker: None };
    decoder.children(node, Place::Version, |decoder, word, child| {
        if word.name == "selector" {
            let said = selector::decode(decoder, child);
            set(decoder, &mut version.selector, "`selector`", said);
        } else {
            let said = breaker::decode(decoder, child, Place::Breaker);
            set(decoder, &mut version.breaker, "`breaker`", said);
        }
    });
    Some(version)
}
