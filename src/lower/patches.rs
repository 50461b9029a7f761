use crate::ir::Mesh;
use crate::manifest::{ControlPlane, Object, Values};
use crate::verbatim::{self, CONTROL_PLANE};

/// The object with all that people merge into it.
pub(super) fn patched(mesh: &Mesh, mut object: Object) -> Object {
    let (kind, name) = (object.kind(), object.metadata.name.clone());
    let own = mesh.patches.iter().filter(|patch| patch.owner == object.origin && patch.kind.name == kind);
    let meant = own.filter(|patch| patch.name.as_ref().is_none_or(|said| said.value == name));
    for patch in meant {
        if let Ok(mut tree) = object.tree() {
            verbatim::merge(&mut tree, &patch.body, patch.kind);
            object.patched = Some(Box::new(tree));
        }
    }
    object
}

/// The values of the control plane with all that people merge into them.
pub(super) fn values(mesh: &Mesh, made: ControlPlane) -> Values {
    let mut own = mesh.patches.iter().filter(|patch| patch.kind.name == CONTROL_PLANE).peekable();
    match own.peek().and_then(|_| made.tree().ok()) {
        Some(mut tree) => {
            own.for_each(|patch| _ = verbatim::merge(&mut tree, &patch.body, patch.kind));
            Values::Patched(tree)
        }
        None => Values::Made(Box::new(made)),
    }
}
