use super::Said;
use super::codes::REPEATED;
use super::decode::{Decoder, arguments, fitted, head};
use super::from_text::FromText;
use super::grammar::{MANY, Place, Repeats, Word};
use super::peer::Peer;
use super::waiver::{self, Waiver};
use crate::diagnostic::Diagnostic;
use crate::source::{Span, Spanned};
use crate::syntax::Node;
use crate::value::{HostPattern, Method, Path, Port};
use std::collections::BTreeMap;
use std::fmt::Display;

const HOLDERS: &[Place] = &[Place::Namespace, Place::Profile, Place::Service];
const NARROWED: &[Place] = &[Place::Allow, Place::Deny];

/// A row of a condition.
const fn condition(name: &'static str, places: &'static [Place], shape: &'static str, meaning: &'static str) -> Word {
    Word { name, places, shape, arguments: (1, MANY), properties: &[], block: None, repeats: Repeats::Once, meaning }
}

pub(super) const WORDS: &[Word] = &[
    Word {
        name: "allow",
        places: HOLDERS,
        shape: "PEER+ { method M+; path P+; port N+; host H+ }",
        arguments: (1, MANY),
        properties: waiver::PROPERTIES,
        block: Some(Place::Allow),
        repeats: Repeats::Adds,
        meaning: "Who may call, and how; each node is one grant, and grants add up.",
    },
    Word {
        name: "deny",
        places: HOLDERS,
        shape: "PEER+ { method M+; path P+; port N+; host H+ }",
        arguments: (1, MANY),
        properties: waiver::PROPERTIES,
        block: Some(Place::Deny),
        repeats: Repeats::Adds,
        meaning: "Who may not call, and how; it wins over every grant of every layer.",
    },
    condition("path", NARROWED, "PATH+", "Paths of the request, without its query."),
    condition("method", &[Place::Allow, Place::Deny, Place::Expose], "METHOD+ | any", "Methods of the request."),
    condition("port", NARROWED, "NUMBER+", "Ports of this service."),
    condition("host", NARROWED, "HOST+", "Hosts that the request names, with and without a port."),
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

/// How a request must be, as it is written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Conditions {
    /// By which methods.
    pub methods: Said<Vec<Spanned<Method>>>,
    /// On which paths.
    pub paths: Said<Vec<Spanned<Path>>>,
    /// On which ports.
    pub ports: Said<Vec<Spanned<Port>>>,
    /// Under which hosts.
    pub hosts: Said<Vec<Spanned<HostPattern>>>,
}

/// The `allow` or the `deny` of one block.
pub type Grants = Vec<Grant>;

/// Reads `allow` or `deny`; `place` is the block it opens.
pub(super) fn decode(decoder: &mut Decoder<'_>, node: &Node<'_>, place: Place) -> Grant {
    let peers = fitted(arguments(node).filter_map(|entry| decoder.value(entry)));
    let waiver = waiver::decode(decoder, node);
    let mut conditions = Conditions::default();
    decoder.children(node, place, |decoder, word, child| match word.name {
        "method" => conditions.methods = Some(list(decoder, child)),
        "path" => conditions.paths = Some(list(decoder, child)),
        "host" => conditions.hosts = Some(list(decoder, child)),
        _ => {
            let ports: Vec<_> = arguments(child).filter_map(|entry| decoder.port(entry)).collect();
            each_once(decoder, &ports);
            conditions.ports = Some(Spanned::new(ports, child.span));
        }
    });
    let conditions = (conditions != Conditions::default()).then(|| Box::new(conditions));
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

/// Warns of what stands in a list twice.
pub(super) fn each_once<T: Ord + Display>(decoder: &mut Decoder<'_>, list: &[Spanned<T>]) {
    let mut first: BTreeMap<&T, Span> = BTreeMap::new();
    let before = std::iter::once(None).chain(list.iter().map(Some));
    for (before, said) in before.zip(list) {
        let Some(earlier) = first.get(&said.value) else {
            first.insert(&said.value, said.span);
            continue;
        };
        let start = before.map_or(said.span.start, |before| before.span.end);
        decoder.found.push(
            Diagnostic::new(&REPEATED, format!("`{}` stands twice in one list", said.value))
                .at(said.span, "said again here")
                .related(*earlier, "said first here")
                .fix("say it once", Span { start, ..said.span }, ""),
        );
    }
}
