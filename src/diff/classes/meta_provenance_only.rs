use super::Class;
use crate::diff::{Comparison, Finding, Operation};
use crate::value::Risk;

pub(super) static CLASS: Class = Class { name: "meta.provenance_only", find };

/// Labels and annotations that say who made an object.
const OF_ORIGIN: [&str; 9] = [
    "/metadata/labels/mesh.kdl~1",
    "/metadata/annotations/mesh.kdl~1",
    "/metadata/labels/app.kubernetes.io~1managed-by",
    "/metadata/labels/app.kubernetes.io~1part-of",
    "/metadata/labels/helm.sh~1chart",
    "/metadata/annotations/meta.helm.sh~1",
    "/metadata/annotations/argocd.argoproj.io~1",
    "/metadata/annotations/kubectl.kubernetes.io~1last-applied-configuration",
    "/metadata/labels/kustomize.toolkit.fluxcd.io~1",
];

/// What is said of who made an object decides nothing.
fn find(comparison: &Comparison<'_>, found: &mut Vec<Finding>) {
    for change in comparison.changes.iter().filter(|change| change.operation() == Operation::Change) {
        let is_own = |pointer: &str| OF_ORIGIN.iter().any(|own| pointer.starts_with(own));
        let is_told = found.iter().any(|finding| finding.object == *change.id);
        let is_all = !is_told && change.fields.iter().all(|field| is_own(&field.pointer));
        if let Some(first) = change.fields.first().filter(|_| is_all) {
            found.push(Finding::new(
                &CLASS,
                Risk::None,
                change,
                &first.pointer,
                "what is said of its origin alone changes",
            ));
        }
    }
    for alike in comparison.alike() {
        if alike.is_of_another_provenance() && !alike.is_of_another_form() && !alike.is_of_another_version() {
            found.push(Finding::new(
                &CLASS,
                Risk::None,
                &alike.change(),
                "",
                "what is said of its origin alone changes",
            ));
        }
    }
}
