use super::Said;
use super::decode::{Decoder, property};
use crate::syntax::Node;

/// What a guard or a template is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The mesh.
    Mesh,
    /// Each namespace.
    Namespace,
    /// Each service.
    Service,
    /// Each workload.
    Workload,
    /// Each gateway.
    Gateway,
    /// Each external.
    External,
}

/// Reads `for=`.
pub(super) fn decode(decoder: &mut Decoder<'_>, node: &Node<'_>) -> Said<Kind> {
    const KINDS: [(&str, Kind); 6] = [
        ("mesh", Kind::Mesh),
        ("namespace", Kind::Namespace),
        ("service", Kind::Service),
        ("workload", Kind::Workload),
        ("gateway", Kind::Gateway),
        ("external", Kind::External),
    ];
    property(node, "for").and_then(|entry| decoder.choice(entry, &KINDS))
}
