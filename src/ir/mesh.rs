use super::{
    Accept, Authorizer, Carried, Defaults, Egress, External, Extra, Gateway, Group, Guard, Ignore, Issuer, Mtls,
    Namespace, Patch, Peer, Provider, Proxy, Service, Telemetry, Workload,
};
use crate::source::{Decided, Origin, Spanned};
use crate::value::{Cidr, Duration, Host, Label, Risk, RiskClass, Target};
use smol_str::SmolStr;
use std::collections::BTreeMap;

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

/// A provider, by its place in [`Mesh::providers`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ProviderId(pub u32);

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

/// Where a mesh is deployed.
#[derive(Clone, Debug)]
pub struct Environment {
    /// Its name.
    pub name: SmolStr,
    /// What it extends, nearest first.
    pub extends: Vec<SmolStr>,
    /// Its variables, by name.
    pub variables: Vec<(SmolStr, SmolStr)>,
    /// The clusters in which it is deployed.
    pub clusters: Vec<SmolStr>,
    /// How much a class of changes can do here, where that is said.
    pub risks: BTreeMap<RiskClass, Spanned<Risk>>,
}

/// The mesh of one environment.
#[derive(Debug)]
pub struct Mesh {
    /// The name of the project.
    pub name: SmolStr,
    /// The environment.
    pub environment: Environment,
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
    /// The label by which the pods of a service are found where nobody says it.
    pub pod_label: SmolStr,
    /// The label by which the pods of a version are found where nobody says it.
    pub version_label: SmolStr,
    /// How ports treat callers without a certificate, unless their namespace or service says otherwise.
    pub mtls: Mtls,
    /// What may leave besides what is called, unless a namespace or service says otherwise.
    pub egress: Egress,
    /// What is said of all services, unless something more local says otherwise.
    pub defaults: Box<Defaults>,
    /// What is done to a path before a rule sees it.
    pub path_normalization: Decided<PathNormalization>,
    /// Who scrapes the proxies; `None`: any pod.
    pub monitoring: Option<Vec<Peer>>,
    /// Where the API server is; empty: anywhere.
    pub kube_api: Vec<Cidr>,
    /// The authorizers, by name.
    pub authorizers: Vec<Authorizer>,
    /// Where telemetry goes, by name.
    pub providers: Vec<Provider>,
    /// What proxies tell, unless a namespace or what stands in it says otherwise.
    pub telemetry: Telemetry,
    /// How proxies run, unless a namespace or what stands in it says otherwise.
    pub proxy: Proxy,
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
    /// The objects of templates that are asked for, by the things that do.
    pub extras: Vec<Extra>,
    /// What is merged into objects of nodes; in the order in which it is done.
    pub patches: Vec<Patch>,
    /// Objects that are carried through, by kind, namespace and name.
    pub carried: Vec<Carried>,
    /// The rules of the house, by name.
    pub guards: Vec<Guard>,
    /// Fields that other controllers write.
    pub ignores: Vec<Ignore>,
    /// Risks that are accepted.
    pub accepts: Vec<Accept>,
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

    /// The provider of this id.
    pub fn provider(&self, id: ProviderId) -> &Provider {
        &self.providers[id.0 as usize]
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
