use super::decode::{Decoder, argument};
use super::grammar::{Place, Repeats, Word};
use super::waiver::{self, Waiver};
use crate::source::Spanned;
use crate::syntax::Node;

pub(super) const WORDS: &[Word] = &[
    Word {
        name: "mtls",
        places: &[Place::Mesh, Place::Namespace, Place::Profile, Place::Service, Place::Port],
        shape: "strict | permissive | disable",
        arguments: (1, 1),
        properties: waiver::PROPERTIES,
        block: None,
        repeats: Repeats::Once,
        meaning: "Whether callers must prove who they are; unsaid, they must.",
    },
    Word {
        name: "network-policy",
        places: &[Place::Mesh, Place::Namespace, Place::Profile, Place::Service, Place::Workload],
        shape: "on | off",
        arguments: (1, 1),
        properties: waiver::PROPERTIES,
        block: None,
        repeats: Repeats::Once,
        meaning: "Whether a NetworkPolicy holds the same line as the proxies; unsaid, it does.",
    },
];

/// How a port treats callers without a certificate of the mesh.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Refuses them.
    Strict,
    /// Takes both.
    Permissive,
    /// Speaks plain text alone.
    Disable,
}

/// `mtls`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mtls {
    /// The mode.
    pub mode: Spanned<Mode>,
    /// Why, and until when.
    pub waiver: Option<Box<Waiver>>,
}

/// Reads `mtls`.
pub(super) fn decode(decoder: &mut Decoder<'_>, node: &Node<'_>) -> Option<Mtls> {
    let modes = [("strict", Mode::Strict), ("permissive", Mode::Permissive), ("disable", Mode::Disable)];
    let mode = decoder.choice(argument(node, 0)?, &modes)?;
    Some(Mtls { mode, waiver: waiver::decode(decoder, node) })
}

/// Reads `network-policy`.
pub(super) fn decode_network_policy(
    decoder: &mut Decoder<'_>,
    node: &Node<'_>,
) -> Option<(Spanned<bool>, Option<Box<Waiver>>)> {
    let on = decoder.choice(argument(node, 0)?, &[("on", true), ("off", false)])?;
    Some((on, waiver::decode(decoder, node)))
}
