use super::access::each_once;
use super::body::{self, Body};
use super::codes::MISPLACED_NODE;
use super::decode::{Decoder, arguments, head};
use super::external::{self, Outside};
use super::grammar::{MANY, Place, Repeats, Word};
use super::mesh::{self, Settings};
use super::namespace::{self, Metadata};
use crate::diagnostic::Diagnostic;
use crate::source::{Span, Spanned};
use crate::syntax::Node;
use crate::value::Name;
use smol_str::SmolStr;

pub(super) const WORDS: &[Word] = &[Word {
    name: "in",
    places: &[
        Place::Top,
        Place::Mesh,
        Place::Namespace,
        Place::Profile,
        Place::Service,
        Place::Workload,
        Place::Gateway,
        Place::External,
    ],
    shape: "ENVIRONMENT+ { }",
    arguments: (1, MANY),
    properties: &[],
    block: Some(Place::Service),
    repeats: Repeats::Many,
    meaning: "The same words, laid over for these environments; at top level, whole nodes that exist only there.",
}];

/// `in ENV { }` inside a node.
#[derive(Clone, Debug)]
pub struct Overlay {
    /// For which environments.
    pub environments: Vec<Spanned<SmolStr>>,
    /// What is laid over.
    pub body: Body,
    /// What is laid over the settings of `mesh`.
    pub settings: Box<Settings>,
    /// What is laid over the metadata of a namespace.
    pub metadata: Metadata,
    /// What is laid over what only `external` says.
    pub outside: Box<Outside>,
    /// The node's word and names.
    pub span: Span,
}

/// The names of the environments of an `in`.
pub(super) fn names(decoder: &mut Decoder<'_>, node: &Node<'_>) -> Vec<Spanned<SmolStr>> {
    let names = arguments(node).filter_map(|entry| decoder.name::<Name>(entry));
    let names: Vec<_> = names.map(|name| name.map(|name| name.text().clone())).collect();
    each_once(decoder, &names);
    names
}

/// Whether the block of an `in` is read for this environment.
pub(super) fn is_read(decoder: &Decoder<'_>, names: &[Spanned<SmolStr>]) -> bool {
    !decoder.is_for_one_environment || names.iter().any(|name| decoder.scope.applies(&name.value))
}

/// Reads `in ENV { }` inside a node, whose block is a `place`.
pub(super) fn decode(decoder: &mut Decoder<'_>, into: &mut Body, node: &Node<'_>, place: Place) {
    let environments = names(decoder, node);
    let span = head(node);
    let mut overlay = Overlay {
        environments,
        body: Body::empty(node.span),
        settings: Box::default(),
        metadata: Metadata::default(),
        outside: Box::default(),
        span,
    };
    if is_read(decoder, &overlay.environments) {
        decoder.children(node, place, |decoder, word, child| match word.name {
            "in" | "use" => decoder.found.push(not_in_overlay(child)),
            "var" => decoder.found.push(variable_in_overlay(child)),
            _ if place == Place::Mesh && mesh::is_setting(word) => {
                mesh::setting(decoder, &mut overlay.settings, word, child);
            }
            _ if place == Place::Namespace && namespace::is_metadata(word) => {
                namespace::metadata(decoder, &mut overlay.metadata, word, child);
            }
            _ if place == Place::External && external::is_outside(word, child) => {
                external::part(decoder, &mut overlay.outside, word, child);
            }
            _ => body::take(decoder, &mut overlay.body, (word, place), child),
        });
        namespace::check_keys(decoder, &overlay.metadata);
        body::check_keys(decoder, &overlay.body);
    }
    into.overlays.push(overlay);
}

fn not_in_overlay(node: &Node<'_>) -> Diagnostic {
    Diagnostic::new(&MISPLACED_NODE, format!("`{}` may not stand in `in`", node.name.value))
        .at(node.name.span, "an overlay neither nests nor uses profiles")
        .help("say it outside of `in`")
}

fn variable_in_overlay(node: &Node<'_>) -> Diagnostic {
    Diagnostic::new(&MISPLACED_NODE, "`var` may not stand in `in`")
        .at(node.name.span, "an environment has variables of its own")
        .help("say it in the environment: `environment NAME { var ... }`")
}
