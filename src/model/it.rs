use super::schema::{Described, Object};
use super::{External, Gateway, Mesh, Namespace, Service, Workload};
use crate::ir::{self, Kind, Thing};
use serde::Serialize;

/// One thing of a mesh, whatever its kind.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub enum It {
    /// The mesh itself.
    Mesh(Box<Mesh>),
    /// A namespace.
    Namespace(Box<Namespace>),
    /// A service.
    Service(Box<Service>),
    /// A workload.
    Workload(Box<Workload>),
    /// A gateway.
    Gateway(Box<Gateway>),
    /// Something outside.
    External(Box<External>),
}

impl It {
    /// What a thing is after layers.
    pub fn of(thing: Thing, mesh: &ir::Mesh) -> Self {
        match thing {
            Thing::Mesh => It::Mesh(Box::new(Mesh::of(mesh))),
            Thing::Namespace(id) => It::Namespace(Box::new(Namespace::of(mesh.namespace(id), mesh))),
            Thing::Service(id) => It::Service(Box::new(Service::of(mesh.service(id), mesh))),
            Thing::Workload(id) => It::Workload(Box::new(Workload::of(mesh.workload(id), mesh))),
            Thing::Gateway(id) => It::Gateway(Box::new(Gateway::of(mesh.gateway(id), mesh))),
            Thing::External(id) => It::External(Box::new(External::of(mesh.external(id), mesh))),
        }
    }

    /// The schema of a kind.
    pub fn object(kind: Kind) -> Option<Object> {
        let shape = match kind {
            Kind::Mesh => Mesh::shape(),
            Kind::Namespace => Namespace::shape(),
            Kind::Service => Service::shape(),
            Kind::Workload => Workload::shape(),
            Kind::Gateway => Gateway::shape(),
            Kind::External => External::shape(),
        };
        shape.object()
    }
}
