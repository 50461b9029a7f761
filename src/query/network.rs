//! What the network lets through: the policies that a mesh makes of grants and calls, which hold for pods without a proxy
//! too.

use super::Who;
use super::answer::{Answer, End, Fact, Topic, Verdict};
use super::sent::Sent;
use crate::ir::{Callee, Grant, Managed, Mesh, NamespaceId, Peer, Port, Service, ServiceId};
use crate::source::Span;
use crate::value::Cidr;
use smol_str::format_smolstr;

/// An answer that a proxy, or an application without one, gives to whom the network lets through. Whoever is refused by a
/// proxy is told so, whatever the network does.
pub(super) fn considered(
    mesh: &Mesh,
    sent: &Sent<'_>,
    (id, service, port): (ServiceId, &Service, &Port),
    answer: Answer,
) -> Answer {
    let who = sent.question.who;
    let comes = matches!(answer.verdict, Verdict::Yes | Verdict::Depends(_));
    if !comes {
        return answer;
    }
    let shut = leaving(mesh, who, (id, port)).or_else(|| arriving(mesh, sent, service, port));
    let Some(Shut { by, text, span }) = shut else { return with_hint(mesh, who, answer) };
    let mut facts = answer.facts;
    facts.push(Fact { topic: Topic::Network, text, span });
    Answer { verdict: Verdict::No(End::Dropped), by, facts, fixes: Vec::new() }
}

/// A policy that keeps a connection from coming about.
struct Shut {
    by: String,
    text: String,
    span: Option<Span>,
}

/// Whether a policy of ours stands in a namespace at all.
fn writes_into(mesh: &Mesh, namespace: NamespaceId) -> bool {
    mesh.namespace(namespace).managed.value != Managed::Nothing
}

/// A pod of which the mesh knows its namespace alone is closed by the default of that, until somebody opens it.
fn with_hint(mesh: &Mesh, who: Who, mut answer: Answer) -> Answer {
    if let Who::Namespace(own) = who
        && mesh.namespace(own).network_policy
        && writes_into(mesh, own)
    {
        let text = format!(
            "NetworkPolicy {}/default-deny closes such pods until another opens them",
            mesh.namespace_name(own)
        );
        answer.facts.push(Fact { topic: Topic::Network, text, span: mesh.namespace(own).origin.span });
    }
    answer
}

/// What keeps a call from leaving its caller.
fn leaving(mesh: &Mesh, who: Who, (id, port): (ServiceId, &Port)) -> Option<Shut> {
    let (namespace, name, is_held, calls, egress, span) = match who {
        Who::Service(own) => {
            let it = mesh.service(own);
            let mut asked = it.asks.iter().map(|ask| mesh.authorizer(ask.authorizer));
            let asks = asked.any(|it| it.service.value == id && it.port.value == port.number.value);
            let is_held = it.network_policy.value && !it.is_audited() && !asks;
            (it.namespace, &it.name, is_held, it.calls.as_slice(), &it.egress, it.origin.span)
        }
        Who::Workload(own) => {
            let it = mesh.workload(own);
            (it.namespace, &it.name, it.network_policy.value, it.calls.as_slice(), &it.egress, it.origin.span)
        }
        Who::Namespace(_) | Who::Stranger | Who::Outside(_) => return None,
    };
    let leads = |callee: Callee| match callee {
        Callee::Anything => true,
        Callee::Service(other) => other == id || mesh.service(other).routed().any(|(_, _, routed)| routed == id),
        Callee::External(_) | Callee::KubeApi => false,
    };
    if !is_held || !writes_into(mesh, namespace) || egress.is_open.value || calls.iter().any(|call| leads(call.callee))
    {
        return None;
    }
    let place = format_smolstr!("{}/{name}", mesh.namespace_name(namespace));
    let callee = &mesh.service(id).name;
    let text = format!("NetworkPolicy {place} lets nothing leave for {callee}, which {name} does not call");
    Some(Shut { by: format!("{name}'s NetworkPolicy"), text, span })
}

/// What keeps a call from arriving at its service.
fn arriving(mesh: &Mesh, sent: &Sent<'_>, service: &Service, port: &Port) -> Option<Shut> {
    let is_held = service.network_policy.value && !service.is_audited() && writes_into(mesh, service.namespace);
    let is_of_gateway = matches!(sent.question.who, Who::Outside(_));
    let opens = |grant: &Grant| {
        let is_touched = service.touched(&grant.conditions).any(|own| own.target.value == port.target.value);
        is_touched && grant.callers.iter().any(|caller| holds(mesh, sent, caller.peer))
    };
    if !is_held || is_of_gateway || service.grants.iter().any(opens) {
        return None;
    }
    let place = format_smolstr!("{}/{}", mesh.namespace_name(service.namespace), service.name);
    let caller = sent.question.who.name(mesh);
    let text = format!("NetworkPolicy {place} opens port {} to nobody like {caller}", port.target.value);
    Some(Shut { by: format!("{}'s NetworkPolicy", service.name), text, span: service.origin.span })
}

/// Whether the network takes a caller for whom a grant names: by the labels of its pod, its namespace or its address. Of
/// identities it knows nothing: for it everybody in the mesh is every pod.
fn holds(mesh: &Mesh, sent: &Sent<'_>, peer: Peer) -> bool {
    let address = sent.question.address.and_then(|address| Cidr::parse(&address.to_string()).ok());
    let is_in = |range: &Cidr| address.as_ref().is_some_and(|address| range.covers(address));
    match peer {
        Peer::Anyone | Peer::AnyoneInMesh => true,
        Peer::Address(range) => is_in(&range),
        Peer::KubeApi => mesh.kube_api.is_empty() || mesh.kube_api.iter().any(is_in),
        Peer::Service(_) | Peer::Workload(_) | Peer::Namespace(_) | Peer::Gateway(_) => {
            let own = sent.question.who.peer();
            own.is_some_and(|own| peer == own || peer.holds(own, mesh))
        }
    }
}
