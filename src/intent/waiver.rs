use super::Said;
use super::decode::{Decoder, property};
use crate::syntax::Node;
use crate::value::Date;
use smol_str::SmolStr;

/// Why a step away from the safe side is taken, and until when.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Waiver {
    /// The reason, for reviewers.
    pub reason: Said<SmolStr>,
    /// The last day on which it counts.
    pub until: Said<Date>,
}

/// The properties of every word that takes a waiver.
pub(super) const PROPERTIES: &[&str] = &["reason", "until"];

/// Reads `reason=` and `until=` of a node.
pub(super) fn decode(decoder: &mut Decoder<'_>, node: &Node<'_>) -> Option<Box<Waiver>> {
    let reason = property(node, "reason").and_then(|entry| decoder.prose(entry));
    let until = property(node, "until").and_then(|entry| decoder.value(entry));
    (reason.is_some() || until.is_some()).then(|| Box::new(Waiver { reason, until }))
}
