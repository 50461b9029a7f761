use super::{Authorizer, Egress, External, Gateway, Group, Issuer, Mtls, Namespace, Peer, Service, Workload};
use crate::source::{Decided, Origin};
use crate::value::{Cidr, Duration, Host, Label, Target};
use smol_str::SmolStr;

/// A namespace, by its place in [`Mesh::namespaces`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct NamespaceId(pub u32);

/// A service, by its place in [`Mesh::services`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ServiceId(pub u32);

/// A workload, by its place in [`Mesh::workloads`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct WorkloadId(pub u32);

/// A gateway, by its place in [`Mesh::gateways`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct GatewayId(pub u32);

/// An issuer of tokens, by its place in [`Mesh::issuers`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct IssuerId(pub u32);
/// Something outside, by its place in [`Mesh::externals`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ExternalId(pub u32);

/// A group, by its place in [`Mesh::groups`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct GroupId(pub u32);

/// An authorizer, by its place in [`Mesh::authorizers`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct AuthorizerId(pub u32);

/// What is done to a path before a rule sees it; the later do what the earlier do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PathNormalization {
    /// `.`, `..` and escapes of plain characters.
    Base,
    /// `//` becomes `/`.
    MergeSlashes,
    /// `%2f` and `%5c` become `/` before.
    DecodeAndMergeSlashes,
}

/// The mesh of one environment.
#[derive(Debug)]
pub struct Mesh {
    /// The name of the project.
    pub name: SmolStr,
    /// The environment.
    pub environment: SmolStr,
    /// Where the mesh is declared.
    pub origin: Origin,
    /// The release whose API is spoken.
    pub target: Decided<Target>,
    /// The trust domain of every identity.
    pub trust_domain: Decided<Host>,
    /// Trust domains whose identities count as ours.
    pub trust_aliases: Vec<Host>,
    /// The domain of the cluster's services.
    pub cluster_domain: Decided<Host>,
    /// The namespace of the control plane.
    pub root_namespace: Decided<Label>,
    /// How long the certificate of a pod lasts.
    pub certificate_lifetime: Option<Decided<Duration>>,
    /// How ports treat callers without a certificate, unless their namespace or service says otherwise.
    pub mtls: Mtls,
    /// What may leave besides what is called, unless a namespace or service says otherwise.
    pub egress: Egress,
    /// What is done to a path before a rule sees it.
    pub path_normalization: Decided<PathNormalization>,
    /// Who scrapes the proxies; `None`: any pod.
    pub monitoring: Option<Vec<Peer>>,
    /// Where the API server is; empty: anywhere.
    pub kube_api: Vec<Cidr>,
    /// The authorizers, by name.
    pub authorizers: Vec<Authorizer>,
    /// The groups of callers, by name.
    pub groups: Vec<Group>,
    /// The namespaces, by name.
    pub namespaces: Vec<Namespace>,
    /// The services, by namespace and name.
    pub services: Vec<Service>,
    /// What only calls, by namespace and name.
    pub workloads: Vec<Workload>,
    /// The gateways, by name.
    pub gateways: Vec<Gateway>,
    /// Who signs tokens, by name.
    pub issuers: Vec<Issuer>,
    /// What is called outside: what is the whole mesh's first, then by namespace and name.
    pub externals: Vec<External>,
}

#[allow(clippy::indexing_slicing, reason = "an id is made from a place in the list that it points into")]
impl Mesh {
    /// The namespace of this id.
    pub fn namespace(&self, id: NamespaceId) -> &Namespace {
        &self.namespaces[id.0 as usize]
    }

    /// The service of this id.
    pub fn service(&self, id: ServiceId) -> &Service {
        &self.services[id.0 as usize]
    }

    /// The workload of this id.
    pub fn workload(&self, id: WorkloadId) -> &Workload {
        &self.workloads[id.0 as usize]
    }

    /// The group of this id.
    pub fn group(&self, id: GroupId) -> &Group {
        &self.groups[id.0 as usize]
    }

    /// The authorizer of this id.
    pub fn authorizer(&self, id: AuthorizerId) -> &Authorizer {
        &self.authorizers[id.0 as usize]
    }

    /// The gateway of this id.
    pub fn gateway(&self, id: GatewayId) -> &Gateway {
        &self.gateways[id.0 as usize]
    }

    /// The issuer of this id.
    pub fn issuer(&self, id: IssuerId) -> &Issuer {
        &self.issuers[id.0 as usize]
    }

    /// What is outside, of this id.
    pub fn external(&self, id: ExternalId) -> &External {
        &self.externals[id.0 as usize]
    }
}

impl Mesh {
    /// Every service with its id.
    pub fn services(&self) -> impl Iterator<Item = (ServiceId, &Service)> {
        (0..).map(ServiceId).zip(&self.services)
    }

    /// Every workload with its id.
    pub fn workloads(&self) -> impl Iterator<Item = (WorkloadId, &Workload)> {
        (0..).map(WorkloadId).zip(&self.workloads)
    }

    /// Every gateway with its id.
    pub fn gateways(&self) -> impl Iterator<Item = (GatewayId, &Gateway)> {
        (0..).map(GatewayId).zip(&self.gateways)
    }

    /// Everything outside with its id.
    pub fn externals(&self) -> impl Iterator<Item = (ExternalId, &External)> {
        (0..).map(ExternalId).zip(&self.externals)
    }

    /// Every namespace with its id.
    pub fn namespaces(&self) -> impl Iterator<Item = (NamespaceId, &Namespace)> {
        (0..).map(NamespaceId).zip(&self.namespaces)
    }

    /// Every issuer with its id.
    pub fn issuers(&self) -> impl Iterator<Item = (IssuerId, &Issuer)> {
        (0..).map(IssuerId).zip(&self.issuers)
    }

    /// The namespace of a peer that has one pod's identity; none of others.
    pub fn home_of(&self, peer: Peer) -> Option<NamespaceId> {
        match peer {
            Peer::Service(id) => Some(self.service(id).namespace),
            Peer::Workload(id) => Some(self.workload(id).namespace),
            Peer::Gateway(id) => Some(self.gateway(id).namespace),
            Peer::Namespace(_) | Peer::Address(_) | Peer::AnyoneInMesh | Peer::Anyone | Peer::KubeApi => None,
        }
    }

    /// The name of a namespace.
    pub fn namespace_name(&self, id: NamespaceId) -> &SmolStr {
        &self.namespace(id).name
    }
}
