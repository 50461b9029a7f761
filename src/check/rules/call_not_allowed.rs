use crate::check::Subject;
use crate::check::access::{Member, lets_in};
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ir::{Call, Callee, Mesh, Service};

pub(super) static CODE: Code = code!("call-not-allowed", Error, "a call that the callee does not let in");

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    let mesh = subject.mesh;
    for (id, service) in mesh.services() {
        for call in &service.calls {
            check(mesh, Member::Service(id), call, found);
        }
    }
    for (id, workload) in mesh.workloads() {
        for call in &workload.calls {
            check(mesh, Member::Workload(id), call, found);
        }
    }
}

fn check(mesh: &Mesh, caller: Member, call: &Call, found: &mut Diagnostics) {
    let Callee::Service(id) = call.callee else { return };
    let callee = mesh.service(id);
    if lets_in(callee, caller, mesh) {
        return;
    }
    let name = callee.name.as_str();
    let fault = Diagnostic::new(&CODE, format!("`{}` calls `{name}`, which does not allow it", caller.name(mesh)))
        .at_known(call.origin.span, "this call will be refused with 403")
        .note("an AuthorizationPolicy with ALLOW rules refuses everyone whom no rule names");
    found.push(with_fix(mesh, caller, callee, fault));
}

fn with_fix(mesh: &Mesh, caller: Member, callee: &Service, fault: Diagnostic) -> Diagnostic {
    let home = caller.namespace(mesh);
    let name = match home == callee.namespace {
        true => caller.name(mesh).to_owned(),
        false => format!("{}.{}", caller.name(mesh), mesh.namespace_name(home)),
    };
    let plain =
        callee.grants.iter().rfind(|grant| !grant.conditions.is_about_requests() && grant.conditions.ports.is_empty());
    let last = plain.and_then(|grant| grant.callers.last()).map(|caller| caller.span);
    match (last, callee.origin.span) {
        (Some(span), _) => fault.related(span, format!("`{}` allows only these callers", callee.name)).fix(
            format!("let `{}` in", caller.name(mesh)),
            span.end(),
            format!(" {name}"),
        ),
        (None, Some(span)) => fault
            .related(span, format!("no `allow` of `{}` names it", callee.name))
            .help(format!("add `allow {name}` to `{}`", callee.name)),
        (None, None) => fault,
    }
}
