use super::carried::{Carried, Shown};
use super::istio::{
    AuthorizationPolicy, DestinationRule, EnvoyFilter, Gateway, PeerAuthentication, ProxyConfig, RequestAuthentication,
    ServiceEntry, Sidecar, Telemetry, VirtualService,
};
use super::k8s::NetworkPolicy;
use crate::source::Origin;
use crate::verbatim;
use serde::Serialize;
use serde::ser::{SerializeMap, SerializeStruct, Serializer};
use smol_str::SmolStr;

/// When an object is applied: Argo CD's sync wave, and the order of our own lists. Pruning runs it backwards.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Wave {
    /// Namespaces.
    Namespaces = -4,
    /// What outside there is, and how tokens are read: before anything that names them.
    Registry = -3,
    /// Denials and scopes: an exception stands before the grant it narrows.
    Exceptions = -2,
    /// Subsets, listeners and grants: before the routes and the closed default that need them.
    Ground = -1,
    /// Mutual TLS.
    Identity = 0,
    /// Routes.
    Routes = 1,
    /// The closed defaults: after every grant.
    Defaults = 2,
}

impl Wave {
    /// Every wave in order.
    pub const ALL: [Wave; 7] = [
        Wave::Namespaces,
        Wave::Registry,
        Wave::Exceptions,
        Wave::Ground,
        Wave::Identity,
        Wave::Routes,
        Wave::Defaults,
    ];
}

/// What identifies an object, and whose it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Metadata {
    /// Its name.
    pub name: SmolStr,
    /// Its namespace; none for kinds without one.
    pub namespace: Option<SmolStr>,
    /// Labels, in the order they are written.
    pub labels: Vec<(SmolStr, SmolStr)>,
    /// Annotations, in the order they are written.
    pub annotations: Vec<(SmolStr, SmolStr)>,
}

/// What an object says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
#[allow(clippy::large_enum_variant, reason = "objects are made and written one by one")]
pub enum Spec {
    /// A Namespace, which says nothing beside its metadata.
    Namespace,
    /// `networking.k8s.io/v1`.
    NetworkPolicy(NetworkPolicy),
    /// `networking.istio.io/v1`.
    ServiceEntry(ServiceEntry),
    /// `networking.istio.io/v1`.
    VirtualService(VirtualService),
    /// `networking.istio.io/v1`.
    DestinationRule(DestinationRule),
    /// `networking.istio.io/v1`.
    Gateway(Gateway),
    /// `networking.istio.io/v1alpha3`.
    EnvoyFilter(EnvoyFilter),
    /// `networking.istio.io/v1`.
    Sidecar(Sidecar),
    /// `security.istio.io/v1`.
    PeerAuthentication(PeerAuthentication),
    /// `security.istio.io/v1`.
    RequestAuthentication(RequestAuthentication),
    /// `security.istio.io/v1`.
    AuthorizationPolicy(AuthorizationPolicy),
    /// What was written in the words of any kind.
    Carried(Box<Carried>),
    /// `telemetry.istio.io/v1`.
    Telemetry(Telemetry),
    /// `networking.istio.io/v1beta1`.
    ProxyConfig(ProxyConfig),
}

impl Spec {
    /// The API and the kind.
    pub fn kind(&self) -> (&'static str, &'static str) {
        match self {
            Spec::Namespace => ("v1", "Namespace"),
            Spec::NetworkPolicy(_) => ("networking.k8s.io/v1", "NetworkPolicy"),
            Spec::ServiceEntry(_) => ("networking.istio.io/v1", "ServiceEntry"),
            Spec::VirtualService(_) => ("networking.istio.io/v1", "VirtualService"),
            Spec::DestinationRule(_) => ("networking.istio.io/v1", "DestinationRule"),
            Spec::Gateway(_) => ("networking.istio.io/v1", "Gateway"),
            Spec::EnvoyFilter(_) => ("networking.istio.io/v1alpha3", "EnvoyFilter"),
            Spec::Sidecar(_) => ("networking.istio.io/v1", "Sidecar"),
            Spec::PeerAuthentication(_) => ("security.istio.io/v1", "PeerAuthentication"),
            Spec::RequestAuthentication(_) => ("security.istio.io/v1", "RequestAuthentication"),
            Spec::AuthorizationPolicy(_) => ("security.istio.io/v1", "AuthorizationPolicy"),
            Spec::Carried(carried) => carried.kind,
            Spec::Telemetry(_) => ("telemetry.istio.io/v1", "Telemetry"),
            Spec::ProxyConfig(_) => ("networking.istio.io/v1beta1", "ProxyConfig"),
        }
    }
}

/// An object of Kubernetes.
#[derive(Clone, Debug, PartialEq)]
pub struct Object {
    /// What identifies it.
    pub metadata: Metadata,
    /// What it says.
    pub spec: Spec,
    /// When it is applied.
    pub wave: Wave,
    /// The node of intent that it came from.
    pub origin: Origin,
    /// All of it as it stands after what people merged into it; none: nothing was.
    pub patched: Option<Box<verbatim::Node>>,
}

/// The objects of one environment, in the order in which they are applied.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Manifests {
    /// The objects.
    pub objects: Vec<Object>,
    /// What the control plane's own installation must say beside them.
    pub control_plane: super::Values,
}

impl Object {
    /// Its kind.
    pub fn kind(&self) -> &'static str {
        self.spec.kind().1
    }

    /// `Kind namespace/name`, as people name it.
    pub fn title(&self) -> String {
        let Metadata { name, namespace, .. } = &self.metadata;
        let (kind, namespace) = (self.kind(), namespace.as_deref());
        namespace.map_or_else(|| format!("{kind} {name}"), |namespace| format!("{kind} {namespace}/{name}"))
    }
}

impl Serialize for Object {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if let Some(patched) = &self.patched {
            return Shown(patched).serialize(serializer);
        }
        if let Spec::Carried(carried) = &self.spec {
            return carried.serialize_with(&self.metadata, serializer);
        }
        let (api_version, kind) = self.spec.kind();
        let has_spec = !matches!(self.spec, Spec::Namespace);
        let mut object = serializer.serialize_struct("Object", if has_spec { 4 } else { 3 })?;
        object.serialize_field("apiVersion", api_version)?;
        object.serialize_field("kind", kind)?;
        object.serialize_field("metadata", &self.metadata)?;
        if has_spec {
            object.serialize_field("spec", &self.spec)?;
        }
        object.end()
    }
}

impl Serialize for Metadata {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut metadata = serializer.serialize_struct("Metadata", 4)?;
        metadata.serialize_field("name", &self.name)?;
        if let Some(namespace) = &self.namespace {
            metadata.serialize_field("namespace", namespace)?;
        }
        if !self.labels.is_empty() {
            metadata.serialize_field("labels", &Pairs(&self.labels))?;
        }
        if !self.annotations.is_empty() {
            metadata.serialize_field("annotations", &Pairs(&self.annotations))?;
        }
        metadata.end()
    }
}

/// A map in its own order.
struct Pairs<'a, T>(&'a [(SmolStr, T)]);

impl<T: Serialize> Serialize for Pairs<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (key, value) in self.0 {
            map.serialize_entry(key, value)?;
        }
        map.end()
    }
}

/// Labels as a map, in their own order; for the fields of specs.
pub(super) fn pairs<S: Serializer, T: Serialize>(labels: &[(SmolStr, T)], serializer: S) -> Result<S::Ok, S::Error> {
    Pairs(labels).serialize(serializer)
}

impl Wave {
    /// The text of Argo CD's annotation.
    pub fn text(self) -> SmolStr {
        SmolStr::new_static(match self {
            Wave::Namespaces => "-4",
            Wave::Registry => "-3",
            Wave::Exceptions => "-2",
            Wave::Ground => "-1",
            Wave::Identity => "0",
            Wave::Routes => "1",
            Wave::Defaults => "2",
        })
    }
}
