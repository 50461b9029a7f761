//! Typed objects of Kubernetes and Istio, each value with the line of intent it came from, and how they are printed.
//!
//! A file a kind, its fields in the order in which people write them. It knows nothing of intent or of how an object
//! came about; `lower` makes objects, `emit` lays them out as files.

mod carried;
mod control_plane;
pub mod istio;
pub mod k8s;
mod number;
mod object;
mod pod_patch;
mod telemetry_provider;
mod traced;
mod tree;
pub mod yaml;

pub use carried::{Carried, Shown};
pub use control_plane::{
    CheckedBody, ControlPlane, ControlPlaneEnv, DefaultRetries, ExtensionProvider, ExternalAuthorizer, GlobalProxy,
    GlobalValues, MeshConfig, OutboundTraffic, PathNormalization, ProxyDefaults, Values,
};
pub use number::Number;
pub use object::{Manifests, Metadata, Object, Spec, Wave};
pub use pod_patch::{
    PodMetadata, PodPatch, PodSpec, PodTemplate, ProxyContainer, ProxyResources, ResourceList, WorkloadPatch,
    WorkloadSpec,
};
pub use telemetry_provider::{HttpService, LogFile, LogFileFormat, TelemetryService};
pub use traced::Traced;
