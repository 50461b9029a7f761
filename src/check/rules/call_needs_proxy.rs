use crate::check::Subject;
use crate::check::access::{Member, callers};
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ir::{Call, Callee, DataPlane, Mesh, Plane};
use crate::source::Span;

pub(super) static CODE: Code =
    code!("call-needs-proxy", Error, "a call that the caller's own proxy would have to change, from pods without one");

const NODE: &str = "on `ambient` the proxy of a node hands connections on as they are: it knows no way by a gateway, and speaks no TLS for an application";
const NONE: &str = "pods without a proxy dial whom they call themselves, as they are";

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    let mesh = subject.mesh;
    for (caller, calls) in callers(mesh) {
        let plane = plane(mesh, caller);
        let why = match plane.plane.value {
            Plane::PerPod => continue,
            Plane::PerNode => NODE,
            Plane::Outside => NONE,
        };
        for call in calls {
            for Changed { title, at, fact } in changed(mesh, caller, call) {
                let fault = Diagnostic::new(&CODE, title).at_known(call.origin.span, "called here").note(why).help(
                    "let the pods have proxies of their own, `data-plane sidecar`, or call an external that asks for nothing of the kind",
                );
                let facts = [at.map(|at| (at, fact)), plane.plane.span().map(|at| (at, "the data plane"))];
                let facts = facts.into_iter().flatten();
                found.push(facts.fold(fault, |fault, (at, fact)| fault.related(at, fact)));
            }
        }
    }
}

fn plane(mesh: &Mesh, caller: Member) -> &DataPlane {
    match caller {
        Member::Service(id) => &mesh.service(id).data_plane,
        Member::Workload(id) => &mesh.workload(id).data_plane,
    }
}

/// What a proxy would make of a call.
struct Changed {
    title: String,
    at: Option<Span>,
    fact: &'static str,
}

fn changed(mesh: &Mesh, caller: Member, call: &Call) -> Vec<Changed> {
    let Callee::External(id) = call.callee else { return Vec::new() };
    let external = mesh.external(id);
    let (name, callee) = (caller.name(mesh), &external.name);
    let via = external.via.as_ref().map(|via| Changed {
        title: format!("`{name}` has no proxy that would send what it sends to `{callee}` through its gateway"),
        at: via.span(),
        fact: "through a gateway",
    });
    let tls = external.ports.iter().find_map(|port| port.tls.as_deref()).map(|tls| Changed {
        title: format!("`{name}` has no proxy that would speak TLS to `{callee}`"),
        at: tls.origin.span,
        fact: "TLS for the caller",
    });
    via.into_iter().chain(tls).collect()
}
