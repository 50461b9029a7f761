use crate::check::Subject;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ir::{Caller, Labels, Mesh, NamespaceId, Peer, RequestMatch, Service};
use smol_str::SmolStr;

/// Shared with the closing of names, which declares it too.
pub(super) static CODE: Code = code!("from-not-routable", Error, "a caller that no route can tell apart");

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    for service in &subject.mesh.services {
        for caller in requests(service).flat_map(callers) {
            check(subject.mesh, caller, found);
        }
    }
}

fn requests(service: &Service) -> impl Iterator<Item = &RequestMatch> {
    let canary = service.canary.iter().flat_map(|canary| &canary.matches);
    canary.chain(service.routes.iter().flat_map(|route| &route.matches))
}

fn callers(request: &RequestMatch) -> impl Iterator<Item = &Caller> {
    request.lines.from.iter().chain(request.not.iter().flat_map(|not| &not.from))
}

/// Something whose pods send requests.
struct Sender<'m> {
    peer: Peer,
    name: &'m SmolStr,
    namespace: NamespaceId,
    selector: &'m Labels,
}

fn senders(mesh: &Mesh) -> impl Iterator<Item = Sender<'_>> {
    let services = mesh.services().map(|(id, service)| Sender {
        peer: Peer::Service(id),
        name: &service.name,
        namespace: service.namespace,
        selector: &service.selector.value,
    });
    let workloads = mesh.workloads().map(|(id, workload)| Sender {
        peer: Peer::Workload(id),
        name: &workload.name,
        namespace: workload.namespace,
        selector: &workload.selector.value,
    });
    services.chain(workloads)
}

/// A route knows a caller by the labels of its pod: whoever else has them all is taken for it.
fn check(mesh: &Mesh, caller: &Caller, found: &mut Diagnostics) {
    let Some(own) = senders(mesh).find(|sender| sender.peer == caller.peer) else { return };
    let has_all = |sender: &Sender<'_>| own.selector.iter().all(|label| sender.selector.contains(label));
    let mut others = senders(mesh).filter(|sender| sender.peer != own.peer && sender.namespace == own.namespace);
    if let Some(other) = others.find(has_all) {
        found.push(
            Diagnostic::new(&CODE, format!("no route can tell `{}` from `{}`", own.name, other.name))
                .at(caller.span, "known by labels that another's pods have too")
                .note("a route is chosen by the caller's own proxy, which knows the labels of its pod and not for whom it calls")
                .help(format!("give the pods of `{}` a label of their own, and write it into its `selector`", own.name)),
        );
    }
}
