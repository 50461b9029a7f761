use crate::manifest::{Object, Spec};

/// Where an object stands in the tree of its environment. The objects of `root`, the control plane's namespace, hold
/// for the whole mesh and stand under `mesh/`; the gateways of a namespace share one file.
pub fn path(object: &Object, root: &str) -> String {
    let name = &object.metadata.name;
    let folder = match object.metadata.namespace.as_deref() {
        None => return format!("{name}/namespace.yaml"),
        Some(namespace) if namespace == root => "mesh",
        Some(namespace) => namespace,
    };
    let kind = match &object.spec {
        Spec::Namespace => return format!("{name}/namespace.yaml"),
        Spec::Gateway(_) => return format!("{folder}/gateway.yaml"),
        Spec::ServiceEntry(_) => "service-entries",
        Spec::VirtualService(_) => "virtualservices",
        Spec::DestinationRule(_) => "destination-rules",
        Spec::EnvoyFilter(_) => "rate-limits",
        Spec::Sidecar(_) => "sidecars",
        Spec::PeerAuthentication(_) => "security/peer-authentication",
        Spec::RequestAuthentication(_) => "security/request-authentication",
        Spec::AuthorizationPolicy(_) => "security/authorization",
        Spec::NetworkPolicy(_) => "security/network",
    };
    format!("{folder}/{kind}/{name}.yaml")
}
