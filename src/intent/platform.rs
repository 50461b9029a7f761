use super::access;
use super::body::{self, Body};
use super::codes::MISSING_NODE;
use super::decode::{Decoder, head};
use super::grammar::Place;
use crate::diagnostic::Diagnostic;
use crate::source::Spanned;
use crate::syntax::Node;
use crate::value::Label;
use smol_str::SmolStr;

/// `platform NAMESPACE* { }`: grants below those of the mesh, and denials that nobody takes away.
#[derive(Clone, Debug)]
pub struct Platform {
    /// In which namespaces; none: in all.
    pub namespaces: Vec<Spanned<Label>>,
    /// What it says: `allow` and `deny` alone.
    pub body: Body,
    /// The environments in which alone it exists; none: all.
    pub only_in: Vec<Spanned<SmolStr>>,
}

/// Reads `platform`.
pub(super) fn decode(decoder: &mut Decoder<'_>, node: &Node<'_>) -> Platform {
    let namespaces = access::list(decoder, node).value;
    if node.children().is_empty() {
        decoder.found.push(
            Diagnostic::new(&MISSING_NODE, "`platform` says nothing")
                .at(head(node), "its block is missing or empty")
                .help("say whom it lets in or keeps out: `allow monitoring`, `deny namespace:test`"),
        );
    }
    let body = body::decode(decoder, node, Place::Platform);
    Platform { namespaces, body, only_in: Vec::new() }
}
