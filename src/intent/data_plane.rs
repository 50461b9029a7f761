use super::Said;
use super::decode::{Decoder, argument, head, property};
use super::grammar::{Place, Repeats, Word};
use crate::source::Spanned;
use crate::syntax::Node;
use crate::value::Label;

pub(super) const WORDS: &[Word] = &[Word {
    name: "data-plane",
    places: &[Place::Mesh, Place::Namespace, Place::Profile, Place::Service, Place::Workload],
    shape: "sidecar | ambient | off, revision=NAME",
    arguments: (0, 1),
    properties: &["revision", "waypoint"],
    block: None,
    repeats: Repeats::Once,
    meaning: "How pods join the mesh: by a proxy of their own, by one of their node, or not; a namespace is labelled so.",
}];

/// How pods join the mesh.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plane {
    /// By a proxy of their own.
    Sidecar,
    /// By the proxy of their node.
    Ambient,
    /// Not at all.
    Off,
}

/// `data-plane`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DataPlane {
    /// How; an overlay may leave it out.
    pub plane: Said<Plane>,
    /// The control plane that is asked.
    pub revision: Said<Label>,
    /// Who looks at requests on the way.
    pub waypoint: Said<Label>,
}

/// Reads `data-plane`.
pub(super) fn decode(decoder: &mut Decoder<'_>, node: &Node<'_>) -> Spanned<DataPlane> {
    let planes = [("sidecar", Plane::Sidecar), ("ambient", Plane::Ambient), ("off", Plane::Off)];
    let plane = argument(node, 0).and_then(|entry| decoder.choice(entry, &planes));
    let revision = property(node, "revision").and_then(|entry| decoder.value(entry));
    let waypoint = property(node, "waypoint").and_then(|entry| decoder.value(entry));
    Spanned::new(DataPlane { plane, revision, waypoint }, head(node))
}
