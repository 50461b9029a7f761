use super::index::{DeclaredNamespace, Index};
use super::layers::Chain;
use super::settings::Settings;
use super::{external, fit, gateway, guards, issuer, namespace, route, service, waived, words, workload};
use crate::diagnostic::Diagnostics;
use crate::intent;
use crate::ir::{
    Environment, External, Gateway, Group, GroupId, Mesh, Namespace, NamespaceId, PathNormalization, Service,
    Telemetry, Workload,
};
use crate::source::{Decided, Layer, Origin};
use crate::value::{Host, Label, Target};
use smol_str::SmolStr;

/// What every service and workload is closed with: how pods are found where nobody says it, the gateways, and what is
/// outside.
pub(super) struct Conventions {
    pub(super) pod_label: SmolStr,
    pub(super) version_label: SmolStr,
    pub(super) gateways: Vec<Gateway>,
    pub(super) externals: Vec<External>,
}

/// Closes the whole mesh.
pub(super) fn resolve<'i>(
    index: &Index<'i>,
    declared: &'i intent::Mesh,
    (settings, chain): (Settings, &Chain<'i>),
    found: &mut Diagnostics,
) -> Mesh {
    let mut conventions = conventions(index, &settings, chain.scope, found);
    let members = members(index, chain, &conventions, found);
    let Members { of_mesh, telemetry, namespaces, mut services, workloads, of_gateways } = members;
    let authorizers: Vec<_> = settings.authorizers.into_values().filter_map(|it| it.complete(index, found)).collect();
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
        providers,
        pod_label: _,
        version_label: _,
    } = settings;
    let providers =
        providers.into_iter().map(|(name, laid)| laid.complete(name, index, &conventions.externals, found)).collect();
    let gateways = conventions.gateways.iter_mut().zip(of_gateways);
    gateways.for_each(|(gateway, own)| (gateway.telemetry, gateway.proxy) = own);
    Mesh {
        name: declared.name.value.text().clone(),
        environment: environment(chain.scope),
        origin: Origin::new(Layer::Mesh, declared.name.span),
        target: target.unwrap_or_else(|| Decided::built_in(Target::OLDEST)),
        trust_domain: trust_domain.unwrap_or_else(built_in_domain),
        trust_aliases,
        cluster_domain: cluster_domain.unwrap_or_else(built_in_domain),
        root_namespace: root_namespace.unwrap_or_else(|| Decided::built_in(built_in_label("istio-system"))),
        certificate_lifetime,
        pod_label: conventions.pod_label,
        version_label: conventions.version_label,
        defaults: Box::new(of_mesh.defaults()),
        mtls: of_mesh.mtls,
        egress: of_mesh.egress,
        path_normalization: path_normalization.unwrap_or(Decided::built_in(PathNormalization::DecodeAndMergeSlashes)),
        monitoring: index.collectives.monitoring.clone(),
        kube_api: kube_api.iter().flat_map(|said| &said.value).map(|range| range.value).collect(),
        authorizers,
        providers,
        telemetry,
        proxy: (*of_mesh.proxy).clone(),
        groups: groups(index),
        namespaces,
        services,
        workloads,
        gateways: conventions.gateways,
        externals: conventions.externals,
        guards: guards::resolve(index),
        ignores: waived::ignores(index, found),
        accepts: waived::accepts(index, found),
        issuers: index.issuers.iter().map(|node| issuer::resolve(node, found)).collect(),
        extras: Vec::new(),
        patches: Vec::new(),
        carried: Vec::new(),
    }
}

fn conventions<'i>(
    index: &Index<'i>,
    settings: &Settings,
    scope: &'i intent::Scope,
    found: &mut Diagnostics,
) -> Conventions {
    let label = |said: &Option<Decided<SmolStr>>, unsaid| {
        said.as_ref().map_or(SmolStr::new_static(unsaid), |said| said.value.clone())
    };
    Conventions {
        pod_label: label(&settings.pod_label, "app"),
        version_label: label(&settings.version_label, "version"),
        externals: index.externals.iter().map(|it| external::resolve(index, it, scope, found)).collect(),
        gateways: index.gateways.iter().map(|node| gateway::resolve(index, node, scope, found)).collect(),
    }
}

fn environment(scope: &intent::Scope) -> Environment {
    let mut line = scope.environments.iter().cloned();
    let name = line.next().unwrap_or_default();
    let variables = scope.variables.iter().map(|(name, value)| (name.clone(), value.clone()));
    Environment {
        name,
        extends: line.collect(),
        variables: variables.collect(),
        clusters: scope.clusters.clone(),
        risks: scope.risks.clone(),
    }
}

fn groups(index: &Index<'_>) -> Vec<Group> {
    let group = |(id, group): (GroupId, &&intent::Group)| Group {
        name: group.name.value.text().clone(),
        members: index.collectives.groups.peers(id),
        origin: Origin::new(Layer::Own, group.name.span),
    };
    (0..).map(GroupId).zip(&index.groups).map(group).collect()
}

/// What stands in namespaces, and what the mesh says of all of it.
struct Members {
    of_mesh: words::Laid,
    telemetry: Telemetry,
    namespaces: Vec<Namespace>,
    services: Vec<Service>,
    workloads: Vec<Workload>,
    /// What each gateway says of its own proxies.
    of_gateways: Vec<words::OwnProxies>,
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
    let workloads: Vec<Workload> = workloads.collect();
    let mut elsewhere = Diagnostics::default();
    let namespaces = index.namespaces.iter().zip(&defaults);
    let namespaces = (0..).map(NamespaceId).zip(namespaces).map(|(id, (declared, (_, laid)))| {
        // What is left open here may be said by whatever stands in it.
        let counts = services.iter().any(|found| found.namespace == id && found.telemetry.is_none())
            || workloads.iter().any(|found| found.namespace == id && found.telemetry.is_none());
        let telemetry = laid.telemetry.complete(index, if counts { &mut *found } else { &mut elsewhere });
        namespace::resolve(declared, (laid, telemetry), chain.scope, found)
    });
    let namespaces = namespaces.collect();
    let of_gateways = index.gateways.iter().map(|node| {
        let home = index.namespace_of(node.namespace.value.text()).and_then(below).map_or(&of_mesh, |(_, laid)| laid);
        gateway::proxies(index, node, (home, chain.scope), found)
    });
    let of_gateways = of_gateways.collect();
    let telemetry = of_mesh.telemetry.complete(index, &mut elsewhere);
    Members { of_mesh, telemetry, namespaces, services, workloads, of_gateways }
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
        route::complete(index, (&mut services, &conventions.externals), *at, open, found);
    }
    services
}

#[allow(clippy::expect_used, reason = "the text is this file's own, and a test reads it")]
fn built_in_domain() -> Decided<Host> {
    Decided::built_in(Host::parse("cluster.local").expect("a built-in host"))
}

#[allow(clippy::expect_used, reason = "the text is this file's own, and a test reads it")]
fn built_in_label(text: &str) -> Label {
    Label::parse(text).expect("a built-in name")
}
