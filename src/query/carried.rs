//! What stands in the mesh in the words of its kind, which is not looked at here: where it could decide, nothing is told.

use super::answer::{Answer, End, Fact, Topic, Verdict};
use super::{Question, Who};
use crate::ir::{Carried, Mesh, NamespaceId, Patch, ServiceId};
use crate::source::Origin;
use smol_str::format_smolstr;

/// Kinds that decide about requests in whatever way they are written.
const DECIDING: [&str; 4] = ["AuthorizationPolicy", "PeerAuthentication", "RequestAuthentication", "Sidecar"];

/// Kinds that do so where somebody writes a whole one.
const ROUTING: [&str; 5] = ["VirtualService", "Gateway", "EnvoyFilter", "WasmPlugin", "ServiceEntry"];

/// Kinds of ours whose patches can send requests elsewhere, or keep them out.
const PATCHED: [&str; 5] = ["VirtualService", "Gateway", "DestinationRule", "NetworkPolicy", "EnvoyFilter"];

/// The answer, or that it is not known for what somebody wrote by hand.
pub(super) fn considered(mesh: &Mesh, question: &Question, answer: Answer) -> Answer {
    if mesh.carried.is_empty() && mesh.patches.is_empty() {
        return answer;
    }
    let homes = homes(mesh, question);
    let owners = owners(mesh, question);
    // What decides before the pods decides nothing of a request that ends before it comes there.
    let arrives = mesh.service(question.target).data_plane.has_proxy()
        && answer.facts.iter().any(|fact| fact.topic == Topic::Mtls);
    let is_asked = matches!(question.who, Who::Outside(_)) && answer.verdict != Verdict::No(End::Closed);
    let is_dropped = answer.verdict == Verdict::No(End::Dropped);
    let is_about = |it: &&Carried| match it.kind.name {
        // A policy of the network opens what others close, and closes nothing that one of ours opens.
        "NetworkPolicy" => is_dropped && is_near(it, &homes),
        "DestinationRule" => names_host(mesh, question, it),
        "Service" => is_namesake(mesh, question, it),
        "AuthorizationPolicy" | "PeerAuthentication" | "RequestAuthentication" => {
            (arrives || is_asked) && is_near(it, &homes) && may_hold(mesh, question, it, arrives)
        }
        kind => decides(kind, true) && is_near(it, &homes),
    };
    let carried = mesh.carried.iter().filter(is_about);
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

/// The services that a request may come to.
fn callees(mesh: &Mesh, question: &Question) -> Vec<ServiceId> {
    let routed = mesh.service(question.target).routed().map(|(_, _, other)| other);
    std::iter::once(question.target).chain(routed).collect()
}

/// Whether it may hold for the pods of one of the services, or for those of a gateway on the way: it does not where it asks
/// for other labels, or stands where only the caller is.
fn may_hold(mesh: &Mesh, question: &Question, it: &Carried, arrives: bool) -> bool {
    let Some(home) = it.namespace.filter(|id| mesh.namespace_name(*id) != mesh.root_namespace.value.text()) else {
        return true;
    };
    let of_services = callees(mesh, question)
        .into_iter()
        .filter(|_| arrives)
        .map(|id| mesh.service(id))
        .map(|it| (it.namespace, &it.selector));
    let doors = mesh.service(question.target).exposures.iter().map(|door| mesh.gateway(door.gateway));
    let doors = doors.filter(|_| matches!(question.who, Who::Outside(_))).map(|it| (it.namespace, &it.selector));
    of_services.chain(doors).any(|(namespace, labels)| namespace == home && it.may_select(&labels.value))
}

/// Whether it says how callers reach one of the services: it may take the TLS away by which they are known, or the pods.
fn names_host(mesh: &Mesh, question: &Question, it: &Carried) -> bool {
    let Some(host) = it.text("spec.host") else { return true };
    let home = it.namespace.map_or(mesh.root_namespace.value.text(), |id| mesh.namespace_name(id));
    let whole = if host.contains(['.', '*']) { host.into() } else { format_smolstr!("{host}.{home}.svc") };
    callees(mesh, question).into_iter().any(|id| {
        let service = mesh.service(id);
        let own = format!("{}.{}.svc.cluster.local", service.name, mesh.namespace_name(service.namespace));
        let suffix = whole.strip_prefix('*');
        own == *whole || suffix.map_or_else(|| own.starts_with(&format!("{whole}.")), |suffix| own.ends_with(suffix))
    })
}

/// Whether it is the object of Kubernetes behind one of the services: whose ports, pods and reach it says.
fn is_namesake(mesh: &Mesh, question: &Question, it: &Carried) -> bool {
    callees(mesh, question).into_iter().any(|id| {
        let service = mesh.service(id);
        it.name.value == service.name && it.namespace.is_some_and(|namespace| namespace == service.namespace)
    })
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
