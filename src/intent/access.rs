use super::codes::REPEATED;
use super::decode::{Decoder, argument, arguments, fitted, head};
use super::from_text::FromText;
use super::grammar::{MANY, Place, Repeats, Word};
use super::narrowing::{self, Conditions};
use super::peer::Peer;
use super::waiver::{self, Waiver};
use crate::diagnostic::Diagnostic;
use crate::source::{Span, Spanned};
use crate::syntax::Node;
use std::collections::BTreeMap;
use std::fmt::Display;

const HOLDERS: &[Place] = &[Place::Platform, Place::Namespace, Place::Profile, Place::Service, Place::Gateway];
/// A row of a set of callers.
const fn row(name: &'static str, shape: &'static str, block: Place, meaning: &'static str) -> Word {
    let (arguments, properties, repeats) = ((1, MANY), waiver::PROPERTIES, Repeats::Adds);
    Word { arguments, properties, block: Some(block), repeats, ..Word::once(name, HOLDERS, shape, meaning) }
}

pub(super) const WORDS: &[Word] = &[
    Word {
        name: "access",
        places: &[Place::Mesh, Place::Namespace, Place::Profile, Place::Service],
        shape: "enforce | audit",
        arguments: (1, 1),
        properties: waiver::PROPERTIES,
        block: None,
        repeats: Repeats::Once,
        meaning: "Whether `allow`, `deny` and missing tokens are enforced, or only counted by the proxies while all are let in.",
    },
    row(
        "allow",
        "PEER+ { method M+; path P+; port N+; host H+; header NAME VALUE* }",
        Place::Allow,
        "Who may call, and how; each node is one grant, and grants add up.",
    ),
    row(
        "deny",
        "PEER+ { method M+; path P+; port N+; host H+; header NAME VALUE*; not { } }",
        Place::Deny,
        "Who may not call, and how; it wins over every grant of every layer.",
    ),
];

/// One `allow` or `deny`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// Who.
    pub peers: Vec<Spanned<Peer>>,
    /// How; none: in every way.
    pub conditions: Option<Box<Conditions>>,
    /// Why, and until when.
    pub waiver: Option<Box<Waiver>>,
    /// The node's word and values.
    pub span: Span,
}

/// Whether what is said of access is enforced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccessMode {
    /// It is.
    Enforce,
    /// It is counted, and all are let in.
    Audit,
}

/// `access`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Access {
    /// The mode.
    pub mode: Spanned<AccessMode>,
    /// Why, and until when.
    pub waiver: Option<Box<Waiver>>,
}

/// Reads `access`.
pub(super) fn decode_mode(decoder: &mut Decoder<'_>, node: &Node<'_>) -> Option<Access> {
    let modes = [("enforce", AccessMode::Enforce), ("audit", AccessMode::Audit)];
    let mode = decoder.choice(argument(node, 0)?, &modes)?;
    Some(Access { mode, waiver: waiver::decode(decoder, node) })
}

/// The `allow` or the `deny` of one block.
pub type Grants = Vec<Grant>;

/// Reads `allow` or `deny`; `place` is the block it opens.
pub(super) fn decode(decoder: &mut Decoder<'_>, node: &Node<'_>, place: Place) -> Grant {
    let peers = fitted(arguments(node).filter_map(|entry| decoder.value(entry)));
    let waiver = waiver::decode(decoder, node);
    let conditions = narrowing::block(decoder, node, place);
    let conditions = (!conditions.is_empty()).then(|| Box::new(conditions));
    Grant { peers, conditions, waiver, span: head(node) }
}

/// The arguments of a node, each of the type `T` and each once.
pub(super) fn list<T: FromText + Ord + Display>(
    decoder: &mut Decoder<'_>,
    node: &Node<'_>,
) -> Spanned<Vec<Spanned<T>>> {
    let list: Vec<Spanned<T>> = fitted(arguments(node).filter_map(|entry| decoder.value(entry)));
    each_once(decoder, &list);
    Spanned::new(list, node.span)
}

/// Warns of what stands in a list twice, on one line or on several.
pub(super) fn each_once<T: Ord + Display>(decoder: &mut Decoder<'_>, list: &[Spanned<T>]) {
    let mut first: BTreeMap<&T, Span> = BTreeMap::new();
    let before = std::iter::once(None).chain(list.iter().map(Some));
    for (before, said) in before.zip(list) {
        let Some(earlier) = first.get(&said.value) else {
            first.insert(&said.value, said.span);
            continue;
        };
        let fault = Diagnostic::new(&REPEATED, format!("`{}` stands twice in one list", said.value))
            .at(said.span, "said again here")
            .related(*earlier, "said first here");
        // What stands first on its line is all of it, perhaps.
        let between = before.map(|before| decoder.between(before.span, said.span));
        decoder.found.push(match between {
            Some(Some(gap)) => fault.fix("say it once", Span { start: gap.start, ..said.span }, ""),
            Some(None) | None => fault.help("say it once"),
        });
    }
}
