use super::super::Lowering;
use crate::ir::{Caller, GatewayKind, NamespaceId, Peer};
use crate::manifest::istio::{From, Source};
use crate::value::Cidr;
use smol_str::{SmolStr, ToSmolStr};

/// The sources of those who are let in; nothing where everyone is meant, since a rule without `from` is for everyone.
pub(super) fn granted(lowering: &Lowering<'_>, callers: &[Caller]) -> Vec<From> {
    lower(lowering, callers, |id| gateways(lowering, |gateway| gateway.namespace == id))
}

/// Narrows sources to requests that show one of these tokens; everyone is one source too.
pub(super) fn with_token(from: &mut Vec<From>, principals: &[SmolStr]) {
    if from.is_empty() {
        from.push(From { source: Source::default() });
    }
    for from in from {
        from.source.request_principals = principals.to_vec();
    }
}

/// The sources of those who are kept out. A namespace is denied whole: to leave its gateways out would open a way.
pub(super) fn denied(lowering: &Lowering<'_>, callers: &[Caller]) -> Vec<From> {
    lower(lowering, callers, |_| Vec::new())
}

/// The sources of `callers`, of a namespace without those that `except` gives.
fn lower(lowering: &Lowering<'_>, callers: &[Caller], except: impl Fn(NamespaceId) -> Vec<SmolStr>) -> Vec<From> {
    let mut identities = Source::default();
    let mut sources = Vec::new();
    for caller in callers {
        match one(lowering, caller.peer, &except) {
            One::Identity(principal) => identities.principals.push(principal),
            One::Sources(more) => {
                let new: Vec<From> = more.into_iter().map(|source| From { source }).collect();
                sources.extend(new.into_iter().filter(|from| !sources.contains(from)).collect::<Vec<_>>());
            }
            One::Everyone => return Vec::new(),
        }
    }
    identities.principals.sort();
    identities.principals.dedup();
    if !identities.principals.is_empty() {
        sources.insert(0, From { source: identities });
    }
    sources
}

enum One {
    Identity(SmolStr),
    Sources(Vec<Source>),
    Everyone,
}

fn one(lowering: &Lowering<'_>, peer: Peer, except: &impl Fn(NamespaceId) -> Vec<SmolStr>) -> One {
    let (mesh, frame) = (lowering.mesh, &lowering.frame);
    match peer {
        Peer::Service(id) => {
            let service = mesh.service(id);
            One::Identity(frame.principal(mesh.namespace_name(service.namespace), &service.account.name.value))
        }
        Peer::Workload(id) => {
            let workload = mesh.workload(id);
            One::Identity(frame.principal(mesh.namespace_name(workload.namespace), &workload.account.name.value))
        }
        Peer::Gateway(id) => One::Identity(gateway(lowering, mesh.gateway(id))),
        // By identity and not by `namespaces`, which would match any trust domain.
        Peer::Namespace(id) => One::Sources(vec![Source {
            principals: frame.principals_of(mesh.namespace_name(id)),
            not_principals: except(id),
            ..Source::default()
        }]),
        // What comes through a gateway has its identity: without the exception the whole internet would be let in.
        Peer::AnyoneInMesh => One::Sources(vec![Source {
            principals: frame.all_principals(),
            not_principals: gateways(lowering, |_| true),
            ..Source::default()
        }]),
        Peer::Address(range) => One::Sources(vec![at(&[range])]),
        // The API server has no identity. Where it is not said to be, the network is what holds it to its addresses.
        Peer::KubeApi if !mesh.kube_api.is_empty() => One::Sources(vec![at(&mesh.kube_api)]),
        Peer::Anyone | Peer::KubeApi => One::Everyone,
    }
}

fn at(ranges: &[Cidr]) -> Source {
    Source { ip_blocks: ranges.iter().map(Cidr::to_smolstr).collect(), ..Source::default() }
}

/// The identity of a gateway.
pub(super) fn gateway(lowering: &Lowering<'_>, gateway: &crate::ir::Gateway) -> SmolStr {
    let namespace = lowering.mesh.namespace_name(gateway.namespace);
    lowering.frame.principal(namespace, &gateway.account.name.value)
}

/// The identities of the ways in: what comes from outside has them.
fn gateways(lowering: &Lowering<'_>, wanted: impl Fn(&crate::ir::Gateway) -> bool) -> Vec<SmolStr> {
    let mut found: Vec<SmolStr> = lowering
        .mesh
        .gateways
        .iter()
        .filter(|found| found.kind.value == GatewayKind::Ingress && wanted(found))
        .map(|found| gateway(lowering, found))
        .collect();
    found.sort();
    found.dedup();
    found
}
