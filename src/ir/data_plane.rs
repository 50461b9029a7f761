use crate::source::Decided;
use smol_str::SmolStr;

/// How pods join the mesh.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plane {
    /// By a proxy of their own.
    PerPod,
    /// By the proxy of their node, which knows connections and no requests.
    PerNode,
    /// Not at all: without a proxy, hence without an identity.
    Outside,
}

/// A [`Plane`], and what belongs to it.
#[derive(Clone, Debug)]
pub struct DataPlane {
    /// How.
    pub plane: Decided<Plane>,
    /// The control plane that is asked.
    pub revision: Option<Decided<SmolStr>>,
    /// Who looks at requests on the way.
    pub waypoint: Option<Decided<SmolStr>>,
}

impl DataPlane {
    /// What holds when nobody says anything.
    pub fn built_in() -> Self {
        DataPlane { plane: Decided::built_in(Plane::PerPod), revision: None, waypoint: None }
    }

    /// Whether pods have a proxy, of their own or of their node.
    pub fn has_proxy(&self) -> bool {
        self.plane.value != Plane::Outside
    }

    /// Whether each pod has a proxy of its own.
    pub fn is_per_pod(&self) -> bool {
        self.plane.value == Plane::PerPod
    }

    /// Whether the proxy of their node speaks for pods.
    pub fn is_per_node(&self) -> bool {
        self.plane.value == Plane::PerNode
    }
}
