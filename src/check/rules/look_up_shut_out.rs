use crate::check::Subject;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ir::{Call, Callee, DataPlane, External, Mtls, MtlsMode, Outgoing, Plane, Port, Resolution};
use crate::source::Span;

pub(super) static CODE: Code =
    code!("look-up-shut-out", Error, "a caller whose proxy could not dial the names that it looks up");

const OWN_POLICIES: &str = "before a connection to a name that it looks up, Istio puts the policies that protect the caller itself: what opens them there must open nothing to those who come in";

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    let mesh = subject.mesh;
    if mesh.externals.iter().all(|external| external.resolution.value != Resolution::DynamicDns) {
        return;
    }
    let outgoing = Outgoing::of(mesh);
    for service in &mesh.services {
        let enforced = !service.is_audited();
        let caller = Caller { name: &service.name, plane: &service.data_plane, mtls: &service.mtls, enforced };
        for (external, call) in mesh.looked_up(&outgoing, (service.namespace, &service.calls)) {
            let own = service.ports.iter().find(|port| external.port(port.target.value).is_some());
            found.extend(fault(&caller, (external, call), own));
        }
    }
    for workload in &mesh.workloads {
        let mtls = &mesh.namespace(workload.namespace).mtls;
        let caller = Caller { name: &workload.name, plane: &workload.data_plane, mtls, enforced: true };
        for (external, call) in mesh.looked_up(&outgoing, (workload.namespace, &workload.calls)) {
            found.extend(fault(&caller, (external, call), None));
        }
    }
}

struct Caller<'m> {
    name: &'m str,
    plane: &'m DataPlane,
    mtls: &'m Mtls,
    enforced: bool,
}

/// Why it could not; `own` is a port of the caller's pods that has the number of one that is called.
fn fault(caller: &Caller<'_>, (external, call): (&External, &Call), own: Option<&Port>) -> Option<Diagnostic> {
    let (name, callee) = (caller.name, &external.name);
    let (title, fact, why, help): (String, (Option<Span>, &str), &str, &str) = match caller.plane.plane.value {
        Plane::Outside => return None,
        // Who calls anything means no name.
        Plane::PerNode if call.callee == Callee::Anything => return None,
        Plane::PerNode => (
            format!("the proxy of `{name}` looks no name up, and those of `{callee}` are to be"),
            (caller.plane.plane.span(), "the proxy of a node"),
            "on `ambient` istiod tells what is resolved by `dynamic-dns` to waypoints alone, and none is written here",
            "name the hosts of the external, or let the pods have proxies of their own: `data-plane sidecar`",
        ),
        Plane::PerPod if !caller.enforced => return None,
        Plane::PerPod if caller.mtls.mode.value != MtlsMode::Strict => (
            format!("`{name}` takes callers without identity, and would let in who asks for a name of `{callee}`"),
            (caller.mtls.mode.span(), "no identity is needed"),
            OWN_POLICIES,
            "let the caller's pods ask for mutual TLS, `mtls strict`, or name the hosts of the external",
        ),
        Plane::PerPod => {
            let own = own?;
            (
                format!("`{name}` itself listens on {}, on which it calls `{callee}`", own.target.value),
                (own.target.span().or(own.number.span()), "what holds for this port would hold for the call too"),
                OWN_POLICIES,
                "let the pods listen on another number, `target=`, or name the hosts of the external",
            )
        }
    };
    let fault = Diagnostic::new(&CODE, title).at_known(call.origin.span, "called here").note(why).help(help);
    let fault = match fact {
        (Some(span), fact) => fault.related(span, fact),
        (None, _) => fault,
    };
    Some(match external.resolution.span() {
        Some(span) => fault.related(span, "looked up here"),
        None => fault,
    })
}
