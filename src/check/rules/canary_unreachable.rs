use crate::check::Subject;
use crate::check::access::callers;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ir::{Callee, Mesh, Peer, RequestMatch, ServiceId};
use crate::value::Percent;

pub(super) static CODE: Code = code!("canary-unreachable", Error, "a canary that nothing ever reaches");

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    for (id, service) in subject.mesh.services() {
        let Some(canary) = &service.canary else { continue };
        let has_share = canary.percent.value != Percent::NONE || canary.owner.is_some();
        if has_share
            || !canary.steps.is_empty()
            || canary.matches.iter().any(|request| may_come(subject.mesh, id, request))
        {
            continue;
        }
        let name = service.versions.get(canary.candidate.value).map_or("", |version| version.name.value.as_str());
        let fault = Diagnostic::new(&CODE, format!("nothing ever reaches `{name}`"))
            .note("a destination of weight 0 gets no request, and no `match` sends one past the weights");
        let fault =
            canary.matches.iter().filter_map(|request| request.lines.from.first()).fold(fault, |fault, caller| {
                let name = caller.peer.name(subject.mesh, service.namespace);
                fault.related(caller.span, format!("`{name}` never calls `{}`", service.name))
            });
        let action = "send it a share, for example 10 percent";
        found.push(match (canary.percent.span(), canary.candidate.span()) {
            (Some(said), _) => fault
                .at(said, "no share, no `match` that a request meets, and no `steps` to come")
                .fix(action, said, "10"),
            (None, Some(said)) => fault
                .at(said, "no share, no `match` that a request meets, and no `steps` to come")
                .fix(action, said.end(), " percent=10"),
            (None, None) => fault,
        });
    }
}

/// Whether somebody whom a match asks for calls the service. Of a namespace or of all, there may be some that no page
/// declares: a grant to them is enough.
fn may_come(mesh: &Mesh, id: ServiceId, request: &RequestMatch) -> bool {
    let service = mesh.service(id);
    let is_granted = |peer: Peer| service.grants.iter().flat_map(|grant| &grant.callers).any(|it| it.peer == peer);
    let calls = |peer: Peer| {
        callers(mesh).any(|(member, calls)| {
            let reaches = |callee: Callee| matches!(callee, Callee::Anything) || callee == Callee::Service(id);
            peer.holds(member.peer(), mesh) && calls.iter().any(|call| reaches(call.callee))
        })
    };
    let comes = |peer: Peer| match peer {
        Peer::Gateway(gateway) => service.exposures.iter().any(|exposure| exposure.gateway == gateway),
        Peer::Service(_) | Peer::Workload(_) => calls(peer),
        Peer::Namespace(_) | Peer::AnyoneInMesh => is_granted(peer) || calls(peer),
        Peer::Address(_) | Peer::Anyone | Peer::KubeApi => true,
    };
    request.lines.from.is_empty() || request.lines.from.iter().any(|caller| comes(caller.peer))
}
