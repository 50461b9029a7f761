use crate::check::Subject;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ir::Managed;

pub(super) static CODE: Code = code!("no-objects", Error, "a mesh that would write nothing for any namespace");

/// Whoever applies a tree prunes what is missing from it: a tree of nothing takes everything away.
pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    let mesh = subject.mesh;
    let is_managed = mesh.namespaces.iter().any(|namespace| namespace.managed.value != Managed::Nothing);
    // What stands in a namespace that is not managed is told of by itself.
    let has_nodes = !(mesh.services.is_empty()
        && mesh.workloads.is_empty()
        && mesh.gateways.is_empty()
        && mesh.externals.is_empty());
    if is_managed || has_nodes {
        return;
    }
    let fault = Diagnostic::new(&CODE, format!("nothing would be written for any namespace of `{}`", mesh.name))
        .at_known(mesh.origin.span, "has no namespace into which anything is written")
        .note("Argo CD and kubectl --prune take away what a tree no longer has: an empty one would take all");
    found.push(match mesh.namespaces.iter().find_map(|namespace| namespace.managed.span()) {
        Some(span) => fault
            .related(span, "keeps this namespace empty")
            .help("take `manage=nothing` out, or declare the namespace of your services"),
        None => fault.help("declare the namespace of your services: `namespace shop`"),
    });
}
