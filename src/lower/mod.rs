//! Turns the mesh into objects of Istio and Kubernetes; a file a kind.
//!
//! It cannot complain: a checked mesh can always be lowered. Objects come one by one in the order in which they are
//! applied, so that a mesh of ten thousand services never stands in memory as objects.

mod carried;
mod control_plane;
mod derived;
mod frame;
mod istio;
mod k8s;
mod names;
mod outside;
mod patches;
mod pods;
mod reach;
mod telemetry_provider;
mod told;

use crate::ir::{Managed, Mesh, NamespaceId, Readers, Thing};
use crate::manifest::{ControlPlane, Manifests, Object, PodPatch, Values, Wave};
pub use derived::derived;
use frame::Frame;
use reach::Reach;
use smol_str::SmolStr;
use std::collections::BTreeSet;

/// What every lowering of a kind needs to know of the mesh.
struct Lowering<'m> {
    mesh: &'m Mesh,
    frame: Frame,
    reach: Reach,
    readers: Readers,
    /// The namespaces of pods that the proxy of their node speaks for.
    per_node: BTreeSet<NamespaceId>,
}

/// All objects of a mesh.
pub fn lower(mesh: &Mesh) -> Manifests {
    let mut objects = Vec::new();
    each(mesh, &mut |object| objects.push(object));
    Manifests { objects, control_plane: control_plane(mesh) }
}

/// The values for the control plane's own installation.
pub fn control_plane(mesh: &Mesh) -> Values {
    patches::values(mesh, unpatched_control_plane(mesh))
}

/// The same before what people merge into them.
pub fn unpatched_control_plane(mesh: &Mesh) -> ControlPlane {
    control_plane::lower(mesh)
}

/// What must stand on pods that somebody else deploys.
pub fn pod_patches(mesh: &Mesh) -> Vec<PodPatch> {
    pods::lower(mesh)
}

/// Hands every object of a mesh to `take`, in the order in which they are applied.
pub fn each(mesh: &Mesh, take: &mut dyn FnMut(Object)) {
    if mesh.patches.is_empty() {
        return each_unpatched(mesh, take);
    }
    each_unpatched(mesh, &mut |object| take(patches::patched(mesh, object)));
}

/// The same before what people merge into them.
pub fn each_unpatched(mesh: &Mesh, take: &mut dyn FnMut(Object)) {
    let lowering = Lowering::of(mesh);
    for wave in Wave::ALL {
        lowering.wave(wave, take);
    }
}

/// What gives the value of the label of ownership on the objects of a thing.
pub fn owner_labels(mesh: &Mesh) -> impl Fn(Thing) -> SmolStr {
    let lowering = Lowering::of(mesh);
    move |thing| lowering.owner_of(thing).label()
}

impl<'m> Lowering<'m> {
    fn of(mesh: &'m Mesh) -> Self {
        let services = mesh.services.iter().map(|service| (service.namespace, &service.data_plane));
        let workloads = mesh.workloads.iter().map(|workload| (workload.namespace, &workload.data_plane));
        let namespaces = mesh.namespaces().map(|(id, namespace)| (id, &namespace.data_plane));
        let planes = services.chain(workloads).chain(namespaces);
        let per_node = planes.filter(|(_, plane)| plane.is_per_node()).map(|(id, _)| id).collect();
        let (reach, readers) = (Reach::of(mesh), Readers::of(mesh));
        Lowering { mesh, frame: Frame::of(mesh), reach, readers, per_node }
    }
}

impl Lowering<'_> {
    fn wave(&self, wave: Wave, take: &mut dyn FnMut(Object)) {
        carried::lower(self, wave, take);
        match wave {
            Wave::Namespaces => k8s::namespace::lower(self, take),
            Wave::Registry => {
                istio::request_authentication::lower(self, take);
                istio::service_entry::lower(self, take);
            }
            Wave::Exceptions => {
                istio::token::lower(self, take);
                istio::denial::lower(self, take);
                istio::gateway_policy::lower_denials(self, take);
                istio::authorize::lower(self, take);
                istio::sidecar::lower(self, take);
            }
            Wave::Ground => {
                istio::gateway_policy::lower(self, take);
                istio::grant::lower(self, take);
                istio::outward_grant::lower(self, take);
                istio::egress_gateway::grants(self, take);
                istio::destination_rule::lower(self, take);
                istio::outside_rule::lower(self, take);
                istio::egress_gateway::rules(self, take);
                istio::gateway::lower(self, take);
                k8s::network_policy::lower(self, take);
            }
            Wave::Identity => istio::peer_authentication::lower(self, take),
            Wave::Routes => {
                istio::gateway_routes::lower(self, take);
                istio::virtual_service::lower(self, take);
                istio::outside_routes::lower(self, take);
            }
            Wave::Defaults => {
                istio::allow_nothing::lower(self, take);
                istio::telemetry::lower(self, take);
                istio::proxy_config::lower(self, take);
                istio::rate_limit::lower(self, take);
                k8s::default_deny::lower(self, take);
            }
        }
    }

    /// Whether the objects of something outside are written; what is the whole mesh's stands in the control plane's
    /// namespace, which is nobody's to declare.
    fn writes_external(&self, external: &crate::ir::External) -> bool {
        external.namespace.is_none_or(|namespace| self.writes_into(namespace))
    }

    /// Whether objects for the proxies of a service's pods are written: such a proxy is there, and the namespace is ours.
    fn guards(&self, service: &crate::ir::Service) -> bool {
        service.data_plane.has_proxy() && self.writes_into(service.namespace)
    }

    /// Whether objects are written into a namespace.
    fn writes_into(&self, namespace: crate::ir::NamespaceId) -> bool {
        self.mesh.namespace(namespace).managed.value != Managed::Nothing
    }
}
