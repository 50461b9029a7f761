use crate::check::Subject;
use crate::check::access::callers;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ir::{Call, Callee, Mesh, Service, ServiceId};
use crate::value::ProtocolKind;
use std::collections::BTreeSet;

pub(super) static CODE: Code =
    code!("bare-name-hangs", Warning, "a TLS service with versions or routes, which its bare name does not reach");

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    let mesh = subject.mesh;
    let mut told: BTreeSet<ServiceId> = BTreeSet::new();
    for (caller, calls) in callers(mesh) {
        for call in calls {
            let Callee::Service(id) = call.callee else { continue };
            let service = mesh.service(id);
            // Who says why calls it by a longer name. From another namespace the bare name does not resolve.
            let has_reason = call.waiver.as_ref().is_some_and(|waiver| waiver.gives_reason());
            if !has_reason
                && service.namespace == caller.namespace(mesh)
                && is_routed_by_name(service)
                && told.insert(id)
            {
                found.push(fault(mesh, service, call));
            }
        }
    }
}

/// Whether connections are told by the name that the client asks for.
fn is_routed_by_name(service: &Service) -> bool {
    let has_tls = service.ports.iter().any(|port| port.protocol.kind() == ProtocolKind::Tls);
    has_tls && (!service.versions.is_empty() || service.routes.iter().any(|route| route.kind == ProtocolKind::Tls))
}

fn fault(mesh: &Mesh, service: &Service, call: &Call) -> Diagnostic {
    let (name, namespace) = (&service.name, mesh.namespace_name(service.namespace));
    let port = service.ports.iter().find(|port| port.protocol.kind() == ProtocolKind::Tls);
    let fault = Diagnostic::new(&CODE, format!("a client that asks `{name}` for TLS by this name alone would hang"))
        .at_known(call.origin.span, "called from its own namespace, where the bare name resolves")
        .note("with versions or routes a TLS connection goes by the server name that the client asks for; Istio takes every name of a service for that but the bare one, which is none beside the full one");
    let fault = match port.and_then(|port| port.number.span()) {
        Some(span) => fault.related(span, "TLS of the application"),
        None => fault,
    };
    fault.help(format!(
        "let clients ask for `{name}.{namespace}`, `{name}.{namespace}.svc` or the full name; where they do, say so: \
         `calls {name} reason=\"...\"`"
    ))
}
