use crate::manifest::{Object, PodPatch, Spec};

/// Where the values of the control plane stand.
pub(super) const CONTROL_PLANE: &str = "control-plane/values.yaml";

/// Where the list of all files stands.
pub(super) const KUSTOMIZATION: &str = "kustomization.yaml";

/// Where an object stands in the tree of its environment. The objects of `root`, the control plane's namespace, hold
/// for the whole mesh and stand under `mesh/`; the gateways of a namespace share one file.
pub fn path(object: &Object, root: &str) -> String {
    let (name, namespace) = (&object.metadata.name, object.metadata.namespace.as_deref());
    let kind = match &object.spec {
        Spec::Carried(carried) => return extra(carried.kind.1, (namespace, name), root),
        Spec::Namespace => "Namespace",
        Spec::Gateway(_) => "Gateway",
        Spec::ServiceEntry(_) => "ServiceEntry",
        Spec::VirtualService(_) => "VirtualService",
        Spec::DestinationRule(_) => "DestinationRule",
        Spec::EnvoyFilter(_) => "EnvoyFilter",
        Spec::Sidecar(_) => "Sidecar",
        Spec::PeerAuthentication(_) => "PeerAuthentication",
        Spec::RequestAuthentication(_) => "RequestAuthentication",
        Spec::AuthorizationPolicy(_) => "AuthorizationPolicy",
        Spec::Telemetry(_) => "Telemetry",
        Spec::ProxyConfig(_) => "ProxyConfig",
        Spec::NetworkPolicy(_) => "NetworkPolicy",
    };
    place(kind, (namespace, name), root)
}

/// The folders of the kinds of objects that the nodes of intent make.
const FOLDERS: [(&str, &str); 11] = [
    ("ServiceEntry", "service-entries"),
    ("VirtualService", "virtualservices"),
    ("DestinationRule", "destination-rules"),
    ("EnvoyFilter", "rate-limits"),
    ("Sidecar", "sidecars"),
    ("PeerAuthentication", "security/peer-authentication"),
    ("RequestAuthentication", "security/request-authentication"),
    ("AuthorizationPolicy", "security/authorization"),
    ("Telemetry", "telemetry"),
    ("ProxyConfig", "proxies"),
    ("NetworkPolicy", "security/network"),
];

/// Where an object of a kind stands that a node of intent makes.
pub fn place(kind: &str, (namespace, name): (Option<&str>, &str), root: &str) -> String {
    let Some(own) = namespace.filter(|_| kind != "Namespace") else { return format!("{name}/namespace.yaml") };
    let folder = folder(own, root);
    match FOLDERS.iter().find(|(known, _)| *known == kind) {
        _ if kind == "Gateway" => format!("{folder}/gateway.yaml"),
        Some((_, kind)) => format!("{folder}/{kind}/{name}.yaml"),
        None => extra(kind, (namespace, name), root),
    }
}

/// Where an object stands that is carried as it is written.
fn extra(kind: &str, (namespace, name): (Option<&str>, &str), root: &str) -> String {
    let Some(namespace) = namespace else { return format!("{name}/namespace.yaml") };
    format!("{}/extras/{}.{name}.yaml", folder(namespace, root), kind.to_lowercase())
}

/// The folder of what stands in a namespace.
pub fn folder<'n>(namespace: &'n str, root: &str) -> &'n str {
    if namespace == root { "mesh" } else { namespace }
}

/// Where a patch for pods stands.
pub(super) fn pods(pods: &PodPatch, root: &str) -> String {
    format!("{}/pods/{}.yaml", folder(&pods.namespace, root), pods.name)
}
