use crate::check::Subject;
use crate::check::access::{Member, Named, asking, callers, is_bare};
use crate::check::outside::{is_for, named};
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Severity};
use crate::ir::{Ask, Call, Callee, ExternalId, Mesh, Service, ServiceId};
use crate::source::Layer;

pub(super) static CODE: Code = code!("call-not-allowed", Error, "a call that the callee does not let in");

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    let mesh = subject.mesh;
    let allowed = Named::of(mesh, |service| &service.grants, |_| true);
    let denied = Named::of(mesh, |service| &service.denials, is_bare);
    for (caller, calls) in callers(mesh) {
        for call in calls {
            if let Callee::External(id) = call.callee {
                found.extend(kept_from(mesh, caller, call, id));
            }
            let Callee::Service(id) = call.callee else { continue };
            let fault = if allowed.first(id, caller, mesh).is_none() {
                Some(not_allowed(mesh, caller, call, id))
            } else {
                denied.first(id, caller, mesh).map(|at| is_denied(mesh, caller, (call, id), at))
            };
            found.extend(fault.map(|fault| weighed(mesh.service(id), fault)));
        }
    }
    for (id, ask) in asking(mesh) {
        let (caller, asked) = (Member::Service(id), mesh.authorizer(ask.authorizer).service.value);
        let is_denied = denied.first(asked, caller, mesh).is_some();
        if allowed.first(asked, caller, mesh).is_none() || is_denied {
            found.push(weighed(mesh.service(asked), may_not_ask(mesh, ask, (caller, asked), is_denied)));
        }
    }
}

/// A callee that only counts lets the call in: it is told of before that ends.
fn weighed(callee: &Service, fault: Diagnostic) -> Diagnostic {
    if !callee.is_audited() {
        return fault;
    }
    let fault = match callee.access.span() {
        Some(span) => fault.related(span, "as long as this only counts, the call passes"),
        None => fault,
    };
    Diagnostic { severity: Severity::Warning, ..fault }
}

fn may_not_ask(mesh: &Mesh, ask: &Ask, (caller, asked): (Member, ServiceId), is_denied: bool) -> Diagnostic {
    let (asked, authorizer) = (mesh.service(asked), &mesh.authorizer(ask.authorizer).name);
    let verdict = if is_denied { "denies it" } else { "does not allow it" };
    let name = caller.name(mesh);
    let peer = caller.peer().name(mesh, asked.namespace);
    let fault = Diagnostic::new(&CODE, format!("`{name}` asks `{authorizer}`, and `{}` {verdict}", asked.name))
        .at_known(ask.origin.span, "every request that is asked about will be refused")
        .note("the proxy asks by the identity of its own service, and without an answer nothing passes");
    let fault = match asked.origin.span {
        Some(span) => fault.related(span, "who is asked"),
        None => fault,
    };
    fault.help(format!("let it in: `allow {peer}` in `{}`", asked.name))
}

fn fault(mesh: &Mesh, caller: Member, (call, callee): (&Call, &Service), verdict: &str) -> Diagnostic {
    let refused = match callee.http_ports().next() {
        Some(_) => "this call will be refused with 403",
        None => "this connection will be closed",
    };
    let name = call.callee.name(mesh, caller.namespace(mesh));
    Diagnostic::new(&CODE, format!("`{}` calls `{name}`, which {verdict} it", caller.name(mesh)))
        .at_known(call.origin.span, refused)
}

/// What is outside lets nobody in or out: those whom it names are all whose proxies may know it.
fn kept_from(mesh: &Mesh, caller: Member, call: &Call, id: ExternalId) -> Option<Diagnostic> {
    let external = mesh.external(id);
    if is_for(external, &caller.peers(mesh)) {
        return None;
    }
    let name = call.callee.name(mesh, caller.namespace(mesh));
    let fault = Diagnostic::new(&CODE, format!("`{}` calls `{name}`, which does not allow it", caller.name(mesh)))
        .at_known(call.origin.span, "its proxy would be told the way out")
        .note("an external that names its callers is for them alone: what a proxy knows follows from `calls`, so the call is where it is held");
    let last = named(external).last()?;
    let home = external.namespace.unwrap_or(caller.namespace(mesh));
    let peer = match external.namespace {
        Some(_) => caller.peer().name(mesh, home),
        None => format!("{}.{}", caller.name(mesh), mesh.namespace_name(caller.namespace(mesh))),
    };
    let fault = fault.related(last.span, format!("`{}` allows only these callers", external.name));
    Some(fault.fix(format!("let `{}` call it", caller.name(mesh)), last.span.end(), format!(" {peer}")))
}

fn is_denied(mesh: &Mesh, caller: Member, (call, callee): (&Call, ServiceId), at: usize) -> Diagnostic {
    let callee = mesh.service(callee);
    let fault =
        fault(mesh, caller, (call, callee), "denies").note("a DENY rule wins over every grant, whoever says either");
    match callee.denials.get(at).and_then(|denial| denial.origin.span) {
        Some(span) => fault.related(span, format!("`{}` is among those denied", caller.name(mesh))),
        None => fault,
    }
    .help("take the call out, or narrow the denial")
}

fn not_allowed(mesh: &Mesh, caller: Member, call: &Call, callee: ServiceId) -> Diagnostic {
    let callee = mesh.service(callee);
    let fault = fault(mesh, caller, (call, callee), "does not allow")
        .note("an AuthorizationPolicy with ALLOW rules refuses everyone whom no rule names");
    let peer = caller.peer().name(mesh, callee.namespace);
    // A grant of a default would let the caller in elsewhere too, and a reason holds for whom it was written.
    let plain = callee
        .grants
        .iter()
        .rfind(|grant| grant.origin.layer == Layer::Own && grant.waiver.is_none() && is_bare(grant));
    let last = plain.and_then(|grant| Some((grant.origin.span?, grant.callers.last()?.span)));
    match (last, callee.origin.span) {
        (Some((node, last)), _) => fault.related(node, format!("`{}` allows only these callers", callee.name)).fix(
            format!("let `{}` in", caller.name(mesh)),
            last.end(),
            format!(" {peer}"),
        ),
        (None, Some(span)) => fault
            .related(span, format!("no `allow` of `{}` names it", callee.name))
            .help(format!("add `allow {peer}` to `{}`", callee.name)),
        (None, None) => fault,
    }
}
