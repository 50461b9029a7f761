//! Which callers a grant or denial is about: shared by the rules of access.

use crate::ir::{Grant, Mesh, NamespaceId, Peer, Service, ServiceId, WorkloadId};

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

    /// Whether `peer` holds it.
    pub(super) fn is_held_by(self, peer: Peer, mesh: &Mesh) -> bool {
        match peer {
            Peer::Service(id) => self == Member::Service(id),
            Peer::Workload(id) => self == Member::Workload(id),
            Peer::Namespace(id) => self.namespace(mesh) == id,
            Peer::AnyoneInMesh | Peer::Anyone => true,
            Peer::Gateway(_) | Peer::Address(_) | Peer::KubeApi => false,
        }
    }
}

/// Whether one of the grants of `callee` lets `caller` in, on whatever condition.
pub(super) fn lets_in(callee: &Service, caller: Member, mesh: &Mesh) -> bool {
    callee.grants.iter().any(|grant: &Grant| grant.callers.iter().any(|found| caller.is_held_by(found.peer, mesh)))
}
