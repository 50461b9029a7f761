use super::{ExternalId, GatewayId, Mesh, NamespaceId, ServiceId, WorkloadId};
use crate::source::Origin;
use smol_str::{SmolStr, format_smolstr};

/// The kinds of things of a mesh that have a page of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// The mesh itself.
    Mesh,
    /// Namespaces.
    Namespace,
    /// What can be called.
    Service,
    /// What only calls.
    Workload,
    /// Ways in and out.
    Gateway,
    /// What is outside.
    External,
}

/// One thing of a mesh.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Thing {
    /// The mesh itself.
    Mesh,
    /// A namespace.
    Namespace(NamespaceId),
    /// A service.
    Service(ServiceId),
    /// A workload.
    Workload(WorkloadId),
    /// A gateway.
    Gateway(GatewayId),
    /// Something outside.
    External(ExternalId),
}

impl Kind {
    /// Every kind.
    pub const ALL: [Kind; 6] =
        [Kind::Mesh, Kind::Namespace, Kind::Service, Kind::Workload, Kind::Gateway, Kind::External];

    /// Its word.
    pub const fn word(self) -> &'static str {
        match self {
            Kind::Mesh => "mesh",
            Kind::Namespace => "namespace",
            Kind::Service => "service",
            Kind::Workload => "workload",
            Kind::Gateway => "gateway",
            Kind::External => "external",
        }
    }

    /// All that a mesh has of it, in its order.
    pub fn things(self, mesh: &Mesh) -> Vec<Thing> {
        match self {
            Kind::Mesh => vec![Thing::Mesh],
            Kind::Namespace => mesh.namespaces().map(|(id, _)| Thing::Namespace(id)).collect(),
            Kind::Service => mesh.services().map(|(id, _)| Thing::Service(id)).collect(),
            Kind::Workload => mesh.workloads().map(|(id, _)| Thing::Workload(id)).collect(),
            Kind::Gateway => mesh.gateways().map(|(id, _)| Thing::Gateway(id)).collect(),
            Kind::External => mesh.externals().map(|(id, _)| Thing::External(id)).collect(),
        }
    }
}

impl Thing {
    /// Its kind.
    pub const fn kind(self) -> Kind {
        match self {
            Thing::Mesh => Kind::Mesh,
            Thing::Namespace(_) => Kind::Namespace,
            Thing::Service(_) => Kind::Service,
            Thing::Workload(_) => Kind::Workload,
            Thing::Gateway(_) => Kind::Gateway,
            Thing::External(_) => Kind::External,
        }
    }

    /// Where it is declared.
    pub fn origin(self, mesh: &Mesh) -> Origin {
        match self {
            Thing::Mesh => mesh.origin,
            Thing::Namespace(id) => mesh.namespace(id).origin,
            Thing::Service(id) => mesh.service(id).origin,
            Thing::Workload(id) => mesh.workload(id).origin,
            Thing::Gateway(id) => mesh.gateway(id).origin,
            Thing::External(id) => mesh.external(id).origin,
        }
    }

    /// How intent names it from everywhere.
    pub fn name(self, mesh: &Mesh) -> SmolStr {
        let full = |name: &SmolStr, id: NamespaceId| format_smolstr!("{name}.{}", mesh.namespace_name(id));
        match self {
            Thing::Mesh => mesh.name.clone(),
            Thing::Namespace(id) => mesh.namespace_name(id).clone(),
            Thing::Service(id) => full(&mesh.service(id).name, mesh.service(id).namespace),
            Thing::Workload(id) => full(&mesh.workload(id).name, mesh.workload(id).namespace),
            Thing::Gateway(id) => mesh.gateway(id).name.clone(),
            Thing::External(id) => {
                let external = mesh.external(id);
                external.namespace.map_or_else(|| external.name.clone(), |id| full(&external.name, id))
            }
        }
    }
}
