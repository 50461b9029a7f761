use crate::manifest::{Object, PodPatch, Spec};

/// Where the values of the control plane stand.
pub(super) const CONTROL_PLANE: &str = "control-plane/values.yaml";

/// Where the list of all files stands.
pub(super) const KUSTOMIZATION: &str = "kustomization.yaml";

/// Where an object stands in the tree of its environment. The objects of `root`, the control plane's namespace, hold
/// for the whole mesh and stand under `mesh/`; the gateways of a namespace share one file.
pub fn path(object: &Object, root: &str) -> String {
    let name = &object.metadata.name;
    let Some(namespace) = object.metadata.namespace.as_deref() else { return format!("{name}/namespace.yaml") };
    let folder = folder(namespace, root);
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
        Spec::Carried(carried) => return format!("{folder}/extras/{}.{name}.yaml", carried.kind.1.to_lowercase()),
        Spec::Telemetry(_) => "telemetry",
        Spec::ProxyConfig(_) => "proxies",
        Spec::NetworkPolicy(_) => "security/network",
    };
    format!("{folder}/{kind}/{name}.yaml")
}

/// The folder of what stands in a namespace.
pub fn folder<'n>(namespace: &'n str, root: &str) -> &'n str {
    if namespace == root { "mesh" } else { namespace }
}

/// Where a patch for pods stands.
pub(super) fn pods(pods: &PodPatch, root: &str) -> String {
    format!("{}/pods/{}.yaml", folder(&pods.namespace, root), pods.name)
}
