use crate::check::Subject;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ir::{Managed, Mesh, NamespaceId};
use crate::source::Origin;

pub(super) static CODE: Code =
    code!("unmanaged-namespace", Error, "a node in a namespace into which nothing is written");

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    let mesh = subject.mesh;
    for service in &mesh.services {
        check(mesh, (&service.name, service.origin), service.namespace, found);
    }
    for workload in &mesh.workloads {
        check(mesh, (&workload.name, workload.origin), workload.namespace, found);
    }
    for external in &mesh.externals {
        if let Some(namespace) = external.namespace {
            check(mesh, (&external.name, external.origin), namespace, found);
        }
    }
    for gateway in &mesh.gateways {
        check(mesh, (&gateway.name, gateway.origin), gateway.namespace, found);
    }
    for object in &mesh.carried {
        if let Some(namespace) = object.namespace {
            check(mesh, (&object.name.value, object.origin), namespace, found);
        }
    }
}

fn check(mesh: &Mesh, (name, origin): (&str, Origin), namespace: NamespaceId, found: &mut Diagnostics) {
    let home = mesh.namespace(namespace);
    if home.managed.value != Managed::Nothing {
        return;
    }
    let fault = Diagnostic::new(&CODE, format!("nothing would be written for `{name}`"))
        .at_known(origin.span, format!("stands in namespace `{}`", home.name))
        .note("a namespace with `manage=nothing` is known by its name alone: no route, no grant and no policy of it would exist")
        .help(format!("declare `{}` with `manage=contents`, or take `{name}` out", home.name));
    found.push(match home.managed.span() {
        Some(span) => fault.related(span, "into which nothing is written"),
        None => fault,
    });
}
