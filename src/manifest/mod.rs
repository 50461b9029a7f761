//! Typed objects of Kubernetes and Istio, each value with the line of intent it came from, and how they are printed.
//!
//! A file a kind, its fields in the order in which people write them. It knows nothing of intent or of how an object
//! came about; `lower` makes objects, `emit` lays them out as files.

mod control_plane;
pub mod istio;
pub mod k8s;
mod number;
mod object;
mod pod_patch;
mod traced;
pub mod yaml;

pub use control_plane::{
    CheckedBody, ControlPlane, ControlPlaneEnv, ExtensionProvider, ExternalAuthorizer, MeshConfig, OutboundTraffic,
    PathNormalization, ProxyDefaults, ProxyMetadata,
};
pub use number::Number;
pub use object::{Manifests, Metadata, Object, Spec, Wave};
pub use pod_patch::{PodMetadata, PodPatch, PodTemplate, WorkloadPatch, WorkloadSpec};
pub use traced::Traced;
