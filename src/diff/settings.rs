//! What a compiled tree holds beside objects: the values of the control plane, and what pods must say. Nobody applies
//! them as they are, so no cluster has them, but a change of them is a change of the mesh.

use super::{Id, Object, Side};
use crate::verbatim::{Entry, Node, Value};
use smol_str::SmolStr;

/// The group of what is no object of a cluster.
pub(super) const GROUP: &str = "mesh.kdl";
pub(super) const CONTROL_PLANE: &str = "ControlPlane";
pub(super) const POD_PATCH: &str = "PodPatch";

/// The values of the control plane as if they were an object.
pub fn control_plane(values: Node) -> Node {
    named(values, CONTROL_PLANE, None, "values")
}

/// A patch of pods as if it were an object.
pub fn pod_patch(patch: Node, namespace: &str, name: &str) -> Node {
    named(patch, POD_PATCH, Some(namespace), name)
}

fn named(mut body: Node, kind: &str, namespace: Option<&str>, name: &str) -> Node {
    let origin = body.origin;
    let entry = |key: &str, value: Value| Entry { key: key.into(), origin, node: Node { value, origin } };
    let text = |text: &str| Value::Text(SmolStr::new(text));
    let mut metadata: Vec<Entry> = namespace.map(|namespace| entry("namespace", text(namespace))).into_iter().collect();
    metadata.push(entry("name", text(name)));
    let head = [("apiVersion", text("mesh.kdl/v1")), ("kind", text(kind)), ("metadata", Value::Map(metadata))];
    if let Value::Map(entries) = &mut body.value {
        entries.splice(0..0, head.map(|(key, value)| entry(key, value)));
    }
    body
}

impl Object {
    /// The root namespace that the values of the control plane say. No other object is read for it.
    pub(super) fn root_namespace(&self) -> Option<&SmolStr> {
        let is_values = self.id.is_setting() && self.id.kind == CONTROL_PLANE;
        if is_values { self.body.path("meshConfig.rootNamespace")?.text() } else { None }
    }
}

impl Id {
    /// Whether a cluster has no such object.
    pub fn is_setting(&self) -> bool {
        self.group == GROUP
    }
}

impl Side {
    /// Whether it says what the control plane and pods must say: trees do, clusters do not.
    pub(super) fn has_settings(&self) -> bool {
        self.of_kind(GROUP, CONTROL_PLANE).next().is_some()
    }
}
