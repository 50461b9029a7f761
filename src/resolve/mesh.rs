use super::index::{DeclaredNamespace, Index};
use super::layers::Chain;
use super::settings::Settings;
use super::{external, fit, gateway, issuer, namespace, route, service, words, workload};
use crate::diagnostic::Diagnostics;
use crate::intent;
use crate::ir::{
    Authorizer, Egress, Gateway, Group, Mesh, Mtls, Namespace, NamespaceId, PathNormalization, Service, Workload,
};
use crate::source::{Decided, Layer, Origin};
use crate::value::{Host, Label, Target};
use smol_str::SmolStr;

/// What every service and workload is closed with: how pods are found where nobody says it, and the gateways.
pub(super) struct Conventions {
    pub(super) pod_label: SmolStr,
    pub(super) version_label: SmolStr,
    pub(super) gateways: Vec<Gateway>,
}

/// Closes the whole mesh.
pub(super) fn resolve<'i>(
    index: &Index<'i>,
    declared: &'i intent::Mesh,
    (settings, chain): (Settings, &Chain<'i>),
    found: &mut Diagnostics,
) -> Mesh {
    let label = |said: &Option<Decided<SmolStr>>, unsaid| {
        said.as_ref().map_or(SmolStr::new_static(unsaid), |said| said.value.clone())
    };
    let conventions = Conventions {
        pod_label: label(&settings.pod_label, "app"),
        version_label: label(&settings.version_label, "version"),
        gateways: index.gateways.iter().map(|node| gateway::resolve(index, node, chain.scope, found)).collect(),
    };
    let Members { mtls, egress, namespaces, mut services, workloads } = members(index, chain, &conventions, found);
    let authorizers: Vec<Authorizer> =
        settings.authorizers.into_values().filter_map(|laid| laid.complete(index, found)).collect();
    fit::asks(&mut services, &authorizers);
    let Settings {
        target,
        trust_domain,
        trust_aliases,
        cluster_domain,
        root_namespace,
        certificate_lifetime,
        path_normalization,
        monitoring: _,
        kube_api,
        authorizers: _,
        pod_label: _,
        version_label: _,
    } = settings;
    let name = &declared.name;
    Mesh {
        name: name.value.text().clone(),
        environment: chain.scope.name().into(),
        origin: Origin::new(Layer::Mesh, name.span),
        target: target.unwrap_or_else(|| Decided::built_in(Target::OLDEST)),
        trust_domain: trust_domain.unwrap_or_else(|| Decided::built_in(built_in_host("cluster.local"))),
        trust_aliases,
        cluster_domain: cluster_domain.unwrap_or_else(|| Decided::built_in(built_in_host("cluster.local"))),
        root_namespace: root_namespace.unwrap_or_else(|| Decided::built_in(built_in_label("istio-system"))),
        certificate_lifetime,
        mtls,
        egress,
        path_normalization: path_normalization
            .unwrap_or_else(|| Decided::built_in(PathNormalization::DecodeAndMergeSlashes)),
        monitoring: index.collectives.monitoring.clone(),
        kube_api: kube_api.iter().flat_map(|said| &said.value).map(|range| range.value).collect(),
        authorizers,
        groups: index.groups.iter().map(|group| Group { name: group.name.value.text().clone() }).collect(),
        namespaces,
        services,
        workloads,
        gateways: conventions.gateways,
        externals: index
            .externals
            .iter()
            .map(|declared| external::resolve(index, declared, chain.scope, found))
            .collect(),
        issuers: index.issuers.iter().map(|node| issuer::resolve(node, found)).collect(),
    }
}

/// What stands in namespaces, and what the mesh says of all of it.
struct Members {
    mtls: Mtls,
    egress: Egress,
    namespaces: Vec<Namespace>,
    services: Vec<Service>,
    workloads: Vec<Workload>,
}

fn members<'i>(index: &Index<'i>, chain: &Chain<'i>, conventions: &Conventions, found: &mut Diagnostics) -> Members {
    let defaults = defaults(index, chain, found);
    let mut of_mesh = words::Laid::built_in();
    of_mesh.lay_from(0, index, chain, &mut Diagnostics::default());
    let below = |id: NamespaceId| defaults.get(id.0 as usize).map(|(chain, laid)| (chain, laid));
    let services = services(index, below, conventions, found);
    let workloads = index.workloads.iter().filter_map(|workload| {
        below(workload.namespace).map(|below| workload::resolve(index, workload, below, conventions, found))
    });
    let workloads = workloads.collect();
    let namespaces = index.namespaces.iter().zip(&defaults);
    let namespaces =
        namespaces.map(|(declared, (_, laid))| namespace::resolve(declared, laid, chain.scope, found)).collect();
    Members { mtls: of_mesh.mtls, egress: of_mesh.egress, namespaces, services, workloads }
}

/// What each namespace says of what stands in it, with its layers.
fn defaults<'i>(index: &Index<'i>, chain: &Chain<'i>, found: &mut Diagnostics) -> Vec<(Chain<'i>, words::Laid)> {
    let of_namespace = |(id, namespace): (NamespaceId, &DeclaredNamespace<'i>)| {
        let bodies = namespace.pieces.iter().map(|piece| &piece.body).collect();
        let chain = chain.with_namespace(index, id, bodies, found);
        let mut laid = words::Laid::built_in();
        laid.lay_from(0, index, &chain, found);
        (chain, laid)
    };
    (0..).map(NamespaceId).zip(&index.namespaces).map(of_namespace).collect()
}

/// Closes every service, then the routes, which name other services.
fn services<'c, 'i: 'c>(
    index: &Index<'i>,
    below: impl Fn(NamespaceId) -> Option<(&'c Chain<'i>, &'c words::Laid)>,
    conventions: &Conventions,
    found: &mut Diagnostics,
) -> Vec<Service> {
    let mut services = Vec::with_capacity(index.services.len());
    let mut routed = Vec::new();
    for declared in &index.services {
        let Some(below) = below(declared.namespace) else { continue };
        let (service, open) = service::resolve(index, declared, below, conventions, found);
        if !open.routes.is_empty() || !open.mirrors.is_empty() {
            routed.push((services.len(), open));
        }
        services.push(service);
    }
    for (at, open) in &routed {
        route::complete(index, &mut services, *at, open, found);
    }
    services
}

#[allow(clippy::expect_used, reason = "the text is this file's own, and a test reads it")]
fn built_in_host(text: &str) -> Host {
    Host::parse(text).expect("a built-in host")
}

#[allow(clippy::expect_used, reason = "the text is this file's own, and a test reads it")]
fn built_in_label(text: &str) -> Label {
    Label::parse(text).expect("a built-in name")
}
