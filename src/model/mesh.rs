use super::access::Group;
use super::authorizer::Authorizer;
use super::external::External;
use super::gateway::Gateway;
use super::issuer::Issuer;
use super::namespace::Namespace;
use super::pods::{Workload, egress, mtls};
use super::proxy::{Provider, Proxy};
use super::said::{Choice, Table, text, texts};
use super::schema::object;
use super::service::Service;
use super::telemetry::Telemetry;
use crate::ir::{self, PathNormalization};
use smol_str::{SmolStr, ToSmolStr};

object! {
    /// The whole mesh of one environment; what it says as a default of services is in those that it reaches.
    Mesh {
        /// The name of the project.
        name: SmolStr,
        /// The version of the language.
        language: i64,
        /// What is compiled for.
        target: Release,
        /// The trust domain of every identity.
        trust_domain: TrustDomain,
        /// The domain of the cluster's services.
        cluster_domain: SmolStr,
        /// The namespace of the control plane.
        root_namespace: SmolStr,
        /// How long the certificate of a pod lasts.
        certificate_lifetime: SmolStr,
        /// What is done to a path before a rule sees it.
        path_normalization: SmolStr,
        /// The label by which the pods of a service are found.
        pod_label: SmolStr,
        /// The label by which the pods of a version are found.
        version_label: SmolStr,
        /// Who scrapes the proxies, by names in full; null: any pod.
        monitoring: Option<Vec<SmolStr>>,
        /// Where the API server is; empty: anywhere.
        kube_api: Vec<SmolStr>,
        /// Whether callers must prove who they are.
        mtls: Choice,
        /// What may leave besides what is called.
        egress: Choice,
        /// Who is asked about requests, by name.
        authorizer: Vec<Authorizer>,
        /// Where telemetry goes.
        provider: Vec<Provider>,
        /// What proxies tell.
        telemetry: Telemetry,
        /// How proxies run.
        proxy: Proxy,
        /// Callers under one name, by name.
        group: Vec<Group>,
        /// The namespaces, by name.
        namespace: Vec<Namespace>,
        /// The services, by namespace and name.
        service: Vec<Service>,
        /// What only calls, by namespace and name.
        workload: Vec<Workload>,
        /// The gateways, by name.
        gateway: Vec<Gateway>,
        /// What is called outside.
        external: Vec<External>,
        /// Who signs tokens, by name.
        issuer: Vec<Issuer>,
    }
}

object! {
    /// What is compiled for.
    Release {
        /// The product: `istio`.
        product: SmolStr,
        /// Its release.
        version: SmolStr,
    }
}

object! {
    /// The trust domain of every identity.
    TrustDomain {
        /// Its name.
        host: SmolStr,
        /// Others whose identities count as ours.
        alias: Vec<SmolStr>,
    }
}

object! {
    /// A target of compilation.
    Environment {
        /// Its name.
        name: SmolStr,
        /// What it extends.
        extends: Option<SmolStr>,
        /// Itself and all that it extends, nearest first.
        line: Vec<SmolStr>,
        /// Its variables, the mesh's defaults included.
        var: Table,
        /// The clusters in which it is deployed.
        cluster: Vec<SmolStr>,
        /// How much a class of changes can do here, where that is said.
        risk: Table,
    }
}

impl Mesh {
    /// What a mesh is after layers, with all that is in it.
    pub fn of(mesh: &ir::Mesh) -> Self {
        Mesh {
            name: mesh.name.clone(),
            language: 1,
            target: Release { product: SmolStr::new_static("istio"), version: mesh.target.value.to_smolstr() },
            trust_domain: TrustDomain { host: mesh.trust_domain.value.to_smolstr(), alias: texts(&mesh.trust_aliases) },
            cluster_domain: mesh.cluster_domain.value.to_smolstr(),
            root_namespace: mesh.root_namespace.value.to_smolstr(),
            certificate_lifetime: text(mesh.certificate_lifetime.as_ref()).unwrap_or(SmolStr::new_static("24h")),
            path_normalization: SmolStr::new_static(path_normalization_of(mesh.path_normalization.value)),
            pod_label: mesh.pod_label.clone(),
            version_label: mesh.version_label.clone(),
            monitoring: mesh.monitoring.as_ref().map(|peers| peers.iter().map(|peer| peer.full_name(mesh)).collect()),
            kube_api: texts(&mesh.kube_api),
            mtls: mtls(&mesh.mtls),
            egress: egress(&mesh.egress),
            authorizer: mesh.authorizers.iter().map(|authorizer| Authorizer::of(authorizer, mesh)).collect(),
            provider: mesh.providers.iter().map(|provider| Provider::of(provider, mesh)).collect(),
            telemetry: Telemetry::of(&mesh.telemetry, mesh),
            proxy: Proxy::of(&mesh.proxy),
            group: mesh.groups.iter().map(|group| Group::of(group, mesh)).collect(),
            namespace: mesh.namespaces.iter().map(|namespace| Namespace::of(namespace, mesh)).collect(),
            service: mesh.services.iter().map(|service| Service::of(service, mesh)).collect(),
            workload: mesh.workloads.iter().map(|workload| Workload::of(workload, mesh)).collect(),
            gateway: mesh.gateways.iter().map(|gateway| Gateway::of(gateway, mesh)).collect(),
            external: mesh.externals.iter().map(|external| External::of(external, mesh)).collect(),
            issuer: mesh.issuers.iter().map(Issuer::of).collect(),
        }
    }
}

fn path_normalization_of(normalization: PathNormalization) -> &'static str {
    match normalization {
        PathNormalization::Base => "base",
        PathNormalization::MergeSlashes => "merge-slashes",
        PathNormalization::DecodeAndMergeSlashes => "decode-and-merge-slashes",
    }
}

impl Environment {
    /// The environment of a mesh.
    pub fn of(mesh: &ir::Mesh) -> Self {
        let ir::Environment { name, extends, variables, clusters, risks } = &mesh.environment;
        Environment {
            name: name.clone(),
            extends: extends.first().cloned(),
            line: std::iter::once(name).chain(extends).cloned().collect(),
            var: variables.iter().cloned().collect(),
            cluster: clusters.clone(),
            risk: risks.iter().map(|(class, risk)| (class.name().into(), risk.value.name().into())).collect(),
        }
    }
}
