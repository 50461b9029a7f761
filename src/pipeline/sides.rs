//! What is compared of meshes and pages.

use super::try_each;
use crate::diagnostic::Diagnostics;
use crate::diff::{self, Place, Side, Waivers, Which};
use crate::ir::{self, Accepted, Mesh, Thing};
use crate::manifest::yaml;
use crate::source::{Edit, Origin, Sources};
use crate::verbatim::Node;
use crate::{emit, lower, syntax};
use smol_str::{SmolStr, format_smolstr};
use std::path::Path;
use std::sync::Arc;

/// The objects of one environment's mesh as trees, each value with the line of intent that it came from.
///
/// # Errors
/// None of our own types can fail to be written; the error is the serializer's.
pub fn side(mesh: &Mesh) -> Result<Side, yaml::Error> {
    let mut objects = Vec::new();
    try_each(mesh, |object| {
        objects.extend(diff::Object::of(object.tree()?, Some(object.origin)).map(Arc::new));
        Ok(())
    })?;
    for (tree, origin) in settings(mesh)? {
        objects.extend(diff::Object::of(tree, Some(origin)).map(Arc::new));
    }
    Ok(Side::of(objects).0)
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

/// What says how a comparison is judged, and does nothing to what is compared.
const WAIVERS: [&str; 2] = ["accept", "ignore"];

/// What was edited between the pages of two runs.
pub fn edits(before: &Sources, after: &Sources) -> Vec<Edit> {
    fn pages(sources: &Sources) -> Vec<syntax::Document<'_>> {
        let files =
            sources.iter().filter(|(_, file)| Path::new(&file.name).extension().is_some_and(|end| end == "kdl"));
        files.map(|(id, file)| syntax::parse(id, &file.text, &mut Diagnostics::default())).collect()
    }
    let (before, after) = (pages(before), pages(after));
    // What was not compiled has no pages.
    let mut edits = if before.is_empty() || after.is_empty() { Vec::new() } else { syntax::edits(&before, &after) };
    edits.retain(|edit| !edit.words.first().is_some_and(|word| WAIVERS.contains(&word.as_str())));
    edits
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
        service: match &accept.of {
            Some(Accepted::Thing(Thing::Service(id))) => Some(name(mesh, mesh.service(*id))),
            Some(Accepted::Thing(_) | Accepted::Object(_)) | None => None,
        },
        reason: reason(&accept.waiver),
        span: accept.class.span,
    });
    let risks = mesh.environment.risks.iter().map(|(class, risk)| (class.name().into(), risk.value));
    let open = mesh.services.iter().filter(|service| !service.exposures.is_empty());
    let doors = open.map(|service| (name(mesh, service), doors(service))).collect();
    Waivers { ignores: ignores.collect(), accepts: accepts.collect(), risks: risks.collect(), doors }
}

fn name(mesh: &Mesh, service: &ir::Service) -> SmolStr {
    format_smolstr!("{}.{}", service.name, mesh.namespace_name(service.namespace))
}

/// The lines by which a service is open to the outside.
fn doors(service: &ir::Service) -> Vec<Place> {
    let lines = service.exposures.iter().filter_map(|door| door.origin.span);
    lines.map(|span| Place { side: Which::After, span }).collect()
}
