//! What is compared of meshes and pages.

use super::try_each;
use crate::diagnostic::Diagnostics;
use crate::diff::{self, Side, Waivers};
use crate::ir::{self, Accepted, Mesh, Thing};
use crate::manifest::yaml;
use crate::source::{Edit, Origin, Sources, Span};
use crate::verbatim::Node;
use crate::{emit, lower, syntax};
use std::path::Path;

/// The objects of one environment's mesh as trees, each value with the line of intent that it came from.
///
/// # Errors
/// None of our own types can fail to be written; the error is the serializer's.
pub fn side(mesh: &Mesh) -> Result<Side, yaml::Error> {
    let mut side = Side::default();
    try_each(mesh, |object| {
        if let Some(object) = diff::Object::of(object.tree()?, Some(object.origin)) {
            side.insert(object);
        }
        Ok(())
    })?;
    for (tree, origin) in settings(mesh)? {
        diff::Object::of(tree, Some(origin)).map(|object| side.insert(object));
    }
    Ok(side)
}

/// What a tree holds beside its objects, as if it were objects, with who said it.
fn settings(mesh: &Mesh) -> Result<Vec<(Node, Origin)>, yaml::Error> {
    let values = diff::control_plane(lower::control_plane(mesh).tree()?);
    let mut all = vec![(values, mesh.origin)];
    for pods in lower::pod_patches(mesh) {
        let folder = emit::folder(&pods.namespace, mesh.root_namespace.value.text());
        all.push((diff::pod_patch(pods.tree()?, folder, &pods.name), pods.origin));
    }
    Ok(all)
}

/// What was edited between the pages of two runs.
pub fn edits(before: &Sources, after: &Sources) -> Vec<Edit> {
    fn pages(sources: &Sources) -> Vec<syntax::Document<'_>> {
        let files =
            sources.iter().filter(|(_, file)| Path::new(&file.name).extension().is_some_and(|end| end == "kdl"));
        files.map(|(id, file)| syntax::parse(id, &file.text, &mut Diagnostics::default())).collect()
    }
    let (before, after) = (pages(before), pages(after));
    // What was not compiled has no pages.
    if before.is_empty() || after.is_empty() { Vec::new() } else { syntax::edits(&before, &after) }
}

/// What the pages of one environment's mesh say of comparisons.
pub fn waivers(mesh: &Mesh) -> Waivers {
    let reason = |waiver: &ir::Waiver| diff::Reason {
        text: waiver.reason.as_ref().map(|reason| reason.value.clone()).unwrap_or_default(),
        until: waiver.until.as_ref().map(|until| until.value),
    };
    let ignores = mesh.ignores.iter().map(|ignore| diff::Ignore {
        object: ignore.object.value.text().clone(),
        pointers: ignore.pointers.iter().map(|pointer| pointer.value.text().clone()).collect(),
        owner: ignore.owner.clone(),
        reason: reason(&ignore.waiver),
    });
    let owners = (!mesh.accepts.is_empty()).then(|| lower::owner_labels(mesh));
    let owner = |thing| owners.as_ref().map(|label| label(thing)).unwrap_or_default();
    let accepts = mesh.accepts.iter().map(|accept| diff::Accept {
        class: accept.class.value.name().into(),
        of: match &accept.of {
            None => diff::Of::Anything,
            Some(Accepted::Thing(thing)) => diff::Of::Owner(owner(*thing)),
            Some(Accepted::Object(object)) => diff::Of::Object(object.value.text().clone()),
        },
        lines: match &accept.of {
            Some(Accepted::Thing(Thing::Service(id))) => doors(mesh.service(*id)),
            Some(Accepted::Thing(_) | Accepted::Object(_)) | None => Vec::new(),
        },
        reason: reason(&accept.waiver),
        span: accept.class.span,
    });
    let risks = mesh.environment.risks.iter().map(|(class, risk)| (class.name().into(), risk.value));
    Waivers { ignores: ignores.collect(), accepts: accepts.collect(), risks: risks.collect() }
}

/// The lines by which a service is open to the outside.
fn doors(service: &ir::Service) -> Vec<Span> {
    service.exposures.iter().filter_map(|door| door.origin.span).collect()
}
