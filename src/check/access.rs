//! Who calls whom, who lets whom in: shared by the rules of access.

use crate::ir::{Ask, Call, Grant, Mesh, MtlsMode, NamespaceId, Peer, Port, Service, ServiceId, WorkloadId};
use crate::source::{Layer, Origin, Span};

/// Something that calls: a service or a workload.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Member {
    /// A service.
    Service(ServiceId),
    /// A workload.
    Workload(WorkloadId),
}

impl Member {
    /// Its namespace.
    pub(super) fn namespace(self, mesh: &Mesh) -> NamespaceId {
        match self {
            Member::Service(id) => mesh.service(id).namespace,
            Member::Workload(id) => mesh.workload(id).namespace,
        }
    }

    /// Its name.
    pub(super) fn name(self, mesh: &Mesh) -> &str {
        match self {
            Member::Service(id) => &mesh.service(id).name,
            Member::Workload(id) => &mesh.workload(id).name,
        }
    }

    /// It alone, as a grant names it.
    pub(super) fn peer(self) -> Peer {
        match self {
            Member::Service(id) => Peer::Service(id),
            Member::Workload(id) => Peer::Workload(id),
        }
    }

    /// Every peer that it is one of.
    pub(super) fn peers(self, mesh: &Mesh) -> [Peer; 4] {
        [self.peer(), Peer::Namespace(self.namespace(mesh)), Peer::AnyoneInMesh, Peer::Anyone]
    }
}

/// Every peer of which `peer` is a part.
pub(super) fn wider(mesh: &Mesh, peer: Peer) -> Vec<Peer> {
    let member = |home| vec![Peer::Namespace(home), Peer::AnyoneInMesh, Peer::Anyone];
    match peer {
        Peer::Service(id) => member(mesh.service(id).namespace),
        Peer::Workload(id) => member(mesh.workload(id).namespace),
        Peer::Namespace(_) => vec![Peer::AnyoneInMesh, Peer::Anyone],
        Peer::Gateway(_) | Peer::Address(_) | Peer::AnyoneInMesh | Peer::KubeApi => vec![Peer::Anyone],
        Peer::Anyone => Vec::new(),
    }
}

/// Everything that calls, with its calls.
pub(super) fn callers(mesh: &Mesh) -> impl Iterator<Item = (Member, &[Call])> {
    let services = mesh.services().map(|(id, service)| (Member::Service(id), service.calls.as_slice()));
    let workloads = mesh.workloads().map(|(id, workload)| (Member::Workload(id), workload.calls.as_slice()));
    services.chain(workloads)
}

/// Every service with what it asks.
pub(super) fn asking(mesh: &Mesh) -> impl Iterator<Item = (ServiceId, &Ask)> {
    mesh.services().flat_map(|(id, service)| service.asks.iter().map(move |ask| (id, ask)))
}

/// Whom the grants or denials of each service name, and in which of them.
pub(super) struct Named(Vec<(ServiceId, Peer, usize)>);

impl Named {
    /// Of the grants or denials that `list` gives and `counts` takes.
    pub(super) fn of<'m>(
        mesh: &'m Mesh,
        list: impl Fn(&'m Service) -> &'m [Grant],
        counts: impl Fn(&Grant) -> bool,
    ) -> Self {
        let mut named = Vec::new();
        for (id, service) in mesh.services() {
            for (at, grant) in list(service).iter().enumerate().filter(|(_, grant)| counts(grant)) {
                named.extend(grant.callers.iter().map(|caller| (id, caller.peer, at)));
            }
        }
        named.sort_unstable();
        Named(named)
    }

    /// The first of `callee`'s that holds `caller`.
    pub(super) fn first(&self, callee: ServiceId, caller: Member, mesh: &Mesh) -> Option<usize> {
        caller.peers(mesh).into_iter().find_map(|peer| {
            let at = self.0.partition_point(|named| *named < (callee, peer, 0));
            self.0.get(at).filter(|named| (named.0, named.1) == (callee, peer)).map(|named| named.2)
        })
    }
}

/// Whether a grant or denial has no condition.
pub(super) fn is_bare(grant: &Grant) -> bool {
    grant.conditions.is_empty()
}

/// Whether a node says it itself: what a default or a profile says may be meant for others.
pub(super) fn is_own(origin: Origin) -> bool {
    origin.layer >= Layer::Own
}

/// What to delete to take the caller at a place out of a grant or denial, with all that its name stands for; none where
/// it is the only one.
pub(super) fn without(grant: &Grant, at: usize) -> Option<Span> {
    let span = grant.callers.get(at)?.span;
    let others = || grant.callers.iter().map(|caller| caller.span).filter(|other| other.file == span.file);
    let before = others().filter(|other| other.end <= span.start).max_by_key(|other| other.end);
    let after = others().filter(|other| other.start >= span.end).min_by_key(|other| other.start);
    match (before, after) {
        (Some(before), _) => Some(Span { start: before.end, ..span }),
        (None, Some(after)) => Some(Span { end: after.start, ..span }),
        (None, None) => None,
    }
}

/// How a port treats callers without a certificate.
pub(super) fn mode(service: &Service, port: &Port) -> MtlsMode {
    service.port_mtls(port).mode.value
}
