use super::index::{DeclaredNamespace, Index, Numbered};
use super::layers::Chain;
use super::settings::Settings;
use super::{external, fit, gateway, guards, issuer, namespace, patch, route, service, waived, words, workload};
use crate::diagnostic::Diagnostics;
use crate::intent;
use crate::ir::{
    Environment, External, Gateway, Group, GroupId, Mesh, Namespace, NamespaceId, PathNormalization, Service,
    Telemetry, Workload,
};
use crate::source::{Decided, Layer, Origin};
use crate::value::{Host, Label, Target};
use smol_str::SmolStr;
use std::collections::BTreeSet;

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
    numbered: &mut Numbered,
    declared: &'i intent::Mesh,
    (settings, chain): (Settings, &Chain<'i>),
    found: &mut Diagnostics,
) -> Mesh {
    let mut conventions = conventions(index, &settings, chain.scope, found);
    let members = members(index, numbered, (chain, &conventions), found);
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

fn members<'i>(
    index: &Index<'i>,
    numbered: &mut Numbered,
    (chain, conventions): (&Chain<'i>, &Conventions),
    found: &mut Diagnostics,
) -> Members {
    let defaults = defaults(index, chain, found);
    let mut of_mesh = words::Laid::built_in();
    of_mesh.lay_from(0, index, chain, &mut Diagnostics::default());
    let below = |id: NamespaceId| defaults.get(id.0 as usize).map(|(chain, laid)| (chain, laid));
    let services = services(index, numbered, (&below, conventions), found);
    let workloads = numbered.workloads.iter().filter_map(|workload| {
        below(workload.namespace).map(|below| workload::resolve(index, workload, below, conventions, found))
    });
    let workloads: Vec<Workload> = workloads.collect();
    // What a namespace leaves open may be said by whatever stands in it.
    let unsaid = services.iter().filter(|service| service.telemetry.is_none()).map(|service| service.namespace);
    let of_workloads = workloads.iter().filter(|workload| workload.telemetry.is_none());
    let counts: BTreeSet<NamespaceId> = unsaid.chain(of_workloads.map(|workload| workload.namespace)).collect();
    let mut elsewhere = Diagnostics::default();
    let namespaces = index.namespaces.iter().zip(&defaults);
    let namespaces = (0..).map(NamespaceId).zip(namespaces).map(|(id, (declared, (_, laid)))| {
        let telemetry = laid.telemetry.complete(index, if counts.contains(&id) { &mut *found } else { &mut elsewhere });
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

/// Closes every service, then the routes, which name other services. Of a service of which nothing is to be read any
/// more, the pages' words are given back at once: those of all and the whole mesh beside them would be twice as large.
fn services<'c, 'i: 'c>(
    index: &Index<'i>,
    Numbered { services: all, asks_for_templates, .. }: &mut Numbered,
    (below, conventions): (&impl Fn(NamespaceId) -> Option<(&'c Chain<'i>, &'c words::Laid)>, &Conventions),
    found: &mut Diagnostics,
) -> Vec<Service> {
    let is_read_again =
        |body: &intent::Body| is_read_again(body) || (*asks_for_templates && may_ask_for_templates(body));
    let mut services = Vec::with_capacity(all.len());
    for declared in all.iter_mut() {
        let Some(below) = below(declared.namespace) else { continue };
        services.push(service::resolve(index, declared, below, conventions, found));
        if declared.pieces.iter().all(|piece| !is_read_again(&piece.body)) {
            declared.pieces = Vec::new();
        }
    }
    let closed = all.iter().filter_map(|declared| Some((declared, below(declared.namespace)?.0)));
    for (at, (declared, below)) in closed.enumerate() {
        let open = route::Open::of(index, declared, below, found);
        if !open.routes.is_empty() || !open.mirrors.is_empty() {
            route::complete(index, (&mut services, &conventions.externals), at, &open, found);
        }
    }
    services
}

/// Whether a block or one of its overlays says something that is read when every service is closed.
fn is_read_again(body: &intent::Body) -> bool {
    let is_said = |body: &intent::Body| route::is_said(body) || patch::is_said(body);
    is_said(body) || body.overlays.iter().any(|overlay| is_said(&overlay.body))
}

/// Whether a block, one of its overlays or a profile of theirs may ask for the objects of a template.
fn may_ask_for_templates(body: &intent::Body) -> bool {
    let uses = |body: &intent::Body| body.words.uses.is_some();
    body.asks_for_templates() || uses(body) || body.overlays.iter().any(|overlay| uses(&overlay.body))
}

#[allow(clippy::expect_used, reason = "the text is this file's own, and a test reads it")]
fn built_in_domain() -> Decided<Host> {
    Decided::built_in(Host::parse("cluster.local").expect("a built-in host"))
}

#[allow(clippy::expect_used, reason = "the text is this file's own, and a test reads it")]
fn built_in_label(text: &str) -> Label {
    Label::parse(text).expect("a built-in name")
}
