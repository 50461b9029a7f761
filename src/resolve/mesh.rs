use super::index::Index;
use super::layers::Chain;
use super::{gateway, namespace, service, words, workload};
use crate::diagnostic::Diagnostics;
use crate::intent::{self, Said};
use crate::ir::{Mesh, NamespaceId};
use crate::source::{Decided, Layer, Origin};
use crate::value::{Host, Label, Target};
use smol_str::SmolStr;

/// How pods are found where nobody says it.
pub(super) struct Conventions {
    pub(super) pod_label: SmolStr,
    pub(super) version_label: SmolStr,
}

/// Closes the whole mesh.
pub(super) fn resolve<'i>(
    index: &Index<'i>,
    declared: &'i intent::Mesh,
    chain: &Chain<'i>,
    found: &mut Diagnostics,
) -> Mesh {
    let conventions = Conventions {
        pod_label: declared.pod_label.as_ref().map_or(SmolStr::new_static("app"), |said| said.value.clone()),
        version_label: declared
            .version_label
            .as_ref()
            .map_or(SmolStr::new_static("version"), |said| said.value.clone()),
    };
    let defaults: Vec<(Chain<'i>, words::Laid)> = (0..)
        .map(NamespaceId)
        .zip(&index.namespaces)
        .map(|(id, namespace)| {
            let bodies = namespace.pieces.iter().map(|piece| &piece.body).collect();
            let chain = chain.with_namespace(index, id, bodies, found);
            let mut laid = words::Laid::built_in();
            laid.lay_from(0, index, &chain, found);
            (chain, laid)
        })
        .collect();
    let mut of_mesh = words::Laid::built_in();
    of_mesh.lay_from(0, index, chain, &mut Diagnostics::default());
    let below = |id: NamespaceId| defaults.get(id.0 as usize).map(|(chain, laid)| (chain, laid));
    let services = index.services.iter().filter_map(|service| {
        below(service.namespace).map(|below| service::resolve(index, service, below, &conventions, found))
    });
    let services = services.collect();
    let workloads = index.workloads.iter().filter_map(|workload| {
        below(workload.namespace).map(|below| workload::resolve(index, workload, below, &conventions, found))
    });
    let workloads = workloads.collect();
    let namespaces = index.namespaces.iter().zip(&defaults);
    let namespaces = namespaces.map(|(declared, (_, laid))| namespace::resolve(declared, laid, found)).collect();
    let intent::Mesh { name, target, trust_domain, trust_aliases, cluster_domain, root_namespace, .. } = declared;
    Mesh {
        name: name.value.text().clone(),
        environment: chain.scope.name().into(),
        origin: Origin::new(Layer::Mesh, name.span),
        target: of_mesh_word(target, || Target::OLDEST),
        trust_domain: of_mesh_word(trust_domain, || host("cluster.local")),
        trust_aliases: trust_aliases.iter().map(|alias| alias.value.clone()).collect(),
        cluster_domain: of_mesh_word(cluster_domain, || host("cluster.local")),
        root_namespace: of_mesh_word(root_namespace, || label("istio-system")),
        mtls: of_mesh.mtls,
        namespaces,
        services,
        workloads,
        gateways: index.gateways.iter().map(|node| gateway::resolve(index, node, found)).collect(),
    }
}

fn of_mesh_word<T: Clone>(said: &Said<T>, default: impl Fn() -> T) -> Decided<T> {
    match said {
        Some(said) => Decided::new(said.value.clone(), Origin::new(Layer::Mesh, said.span)),
        None => Decided::built_in(default()),
    }
}

#[allow(clippy::expect_used, reason = "the text is this file's own, and a test reads it")]
fn host(text: &str) -> Host {
    Host::parse(text).expect("a built-in host")
}

#[allow(clippy::expect_used, reason = "the text is this file's own, and a test reads it")]
fn label(text: &str) -> Label {
    Label::parse(text).expect("a built-in name")
}
