//! What stands in the mesh in the words of its kind, which is not looked at here: where it could decide, nothing is told.

use super::answer::{Answer, Fact, Topic, Verdict};
use super::{Question, Who};
use crate::ir::{Carried, Mesh, NamespaceId, Patch};
use crate::source::Origin;

/// Kinds that decide about requests in whatever way they are written.
const DECIDING: [&str; 4] = ["AuthorizationPolicy", "PeerAuthentication", "RequestAuthentication", "Sidecar"];

/// Kinds that do so where somebody writes a whole one.
const ROUTING: [&str; 5] = ["VirtualService", "Gateway", "EnvoyFilter", "WasmPlugin", "ServiceEntry"];

/// Kinds of ours whose patches can send requests elsewhere, or keep them out.
const PATCHED: [&str; 2] = ["VirtualService", "Gateway"];

/// The answer, or that it is not known for what somebody wrote by hand.
pub(super) fn considered(mesh: &Mesh, question: &Question, answer: Answer) -> Answer {
    if mesh.carried.is_empty() && mesh.patches.is_empty() {
        return answer;
    }
    let homes = homes(mesh, question);
    let owners = owners(mesh, question);
    let carried = mesh.carried.iter().filter(|it| decides(it.kind.name, true) && is_near(it, &homes));
    let patched = mesh.patches.iter().filter(|it| decides(it.kind.name, false) && owners.contains(&it.owner));
    let mut found: Vec<(String, Origin)> = carried.map(told).chain(patched.map(told_of_patch)).collect();
    let Some((first, _)) = found.first().cloned() else { return answer };
    let facts = found.drain(..).map(|(text, origin)| Fact { topic: Topic::Refused, text, span: origin.span });
    let facts = answer.facts.into_iter().chain(facts).collect();
    Answer { verdict: Verdict::Unknown(first), facts, fixes: Vec::new(), ..answer }
}

fn decides(kind: &str, is_whole: bool) -> bool {
    DECIDING.contains(&kind) || if is_whole { ROUTING.contains(&kind) } else { PATCHED.contains(&kind) }
}

fn told(it: &Carried) -> (String, Origin) {
    (format!("{} `{}` is written by hand, and is not looked at", it.kind.name, it.name.value), it.origin)
}

fn told_of_patch(it: &Patch) -> (String, Origin) {
    (format!("a patch of {} can change it, and is not looked at", it.kind.name), it.origin)
}

/// What stands in the control plane's namespace holds everywhere.
fn is_near(it: &Carried, homes: &[NamespaceId]) -> bool {
    it.namespace.is_none_or(|namespace| homes.contains(&namespace))
}

/// The namespaces on the way of a request.
fn homes(mesh: &Mesh, question: &Question) -> Vec<NamespaceId> {
    let service = mesh.service(question.target);
    let gateways = service.exposures.iter().map(|door| mesh.gateway(door.gateway).namespace);
    let caller = match question.who {
        Who::Namespace(id) => Some(id),
        Who::Service(_) | Who::Workload(_) | Who::Stranger | Who::Outside(_) => {
            question.who.peer().and_then(|peer| mesh.home_of(peer))
        }
    };
    let routed = service.routed().map(|(_, _, other)| mesh.service(other).namespace);
    let root = mesh.namespaces().filter(|(_, it)| it.name == *mesh.root_namespace.value.text()).map(|(id, _)| id);
    std::iter::once(service.namespace).chain(gateways).chain(caller).chain(routed).chain(root).collect()
}

/// The nodes that make the objects on the way of a request.
fn owners(mesh: &Mesh, question: &Question) -> Vec<Origin> {
    let service = mesh.service(question.target);
    // Who is in the cluster comes through no gateway.
    let doors = service.exposures.iter().filter(|_| matches!(question.who, Who::Outside(_)));
    let gateways = doors.map(|door| mesh.gateway(door.gateway).origin);
    let routed = service.routed().map(|(_, _, other)| mesh.service(other).origin);
    let caller = match question.who {
        Who::Service(id) => Some(mesh.service(id).origin),
        Who::Workload(id) => Some(mesh.workload(id).origin),
        Who::Namespace(_) | Who::Stranger | Who::Outside(_) => None,
    };
    let namespaces = homes(mesh, question).into_iter().map(|id| mesh.namespace(id).origin);
    let own = [service.origin, mesh.origin];
    own.into_iter().chain(gateways).chain(routed).chain(caller).chain(namespaces).collect()
}
