use super::super::Lowering;
use super::super::frame::Place;
use crate::ir::{DataPlane, Managed, Plane};
use crate::manifest::{Object, Spec, Wave};
use crate::source::Decided;
use smol_str::SmolStr;

/// The namespaces that are ours, with the label that puts proxies into their pods.
pub(in crate::lower) fn lower(lowering: &Lowering<'_>, take: &mut dyn FnMut(Object)) {
    for (id, namespace) in lowering.mesh.namespaces().filter(|(_, namespace)| namespace.managed.value == Managed::All) {
        let place = Place { namespace: None, name: namespace.name.clone(), wave: Wave::Namespaces };
        let mut object = lowering.frame.object(&lowering.owned_by_namespace(id), place, Spec::Namespace);
        object.metadata.labels.push(data_plane(&namespace.data_plane));
        let said = |(key, value): &(SmolStr, Decided<SmolStr>)| (key.clone(), value.value.clone());
        object.metadata.labels.extend(namespace.labels.iter().map(said));
        object.metadata.annotations.extend(namespace.annotations.iter().map(said));
        take(object);
    }
}

/// How pods join: one label alone, since two that speak of it are not defined.
fn data_plane(said: &DataPlane) -> (SmolStr, SmolStr) {
    let (key, value) = match (said.plane.value, &said.revision) {
        (Plane::PerPod, Some(revision)) => ("istio.io/rev", revision.value.clone()),
        (Plane::PerPod, None) => ("istio-injection", SmolStr::new_static("enabled")),
        (Plane::PerNode, _) => ("istio.io/dataplane-mode", SmolStr::new_static("ambient")),
        (Plane::Outside, _) => ("istio-injection", SmolStr::new_static("disabled")),
    };
    (SmolStr::new_static(key), value)
}
