use crate::ir::Mesh;
use crate::manifest::istio::{RouteDestination, VirtualService};
use crate::manifest::{Object, Spec};
use crate::pipeline;
use crate::value::ObjectName;
use serde::Serialize;
use smol_str::{SmolStr, format_smolstr};
use std::collections::{BTreeMap, BTreeSet};

/// Fields of an object that Argo CD is not to compare, as an Application has them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Ignored {
    group: SmolStr,
    kind: SmolStr,
    name: SmolStr,
    #[serde(skip_serializing_if = "Option::is_none")]
    namespace: Option<SmolStr>,
    json_pointers: Vec<SmolStr>,
}

/// What other controllers write in the objects of a mesh: what `ignore` says, and the shares of each canary that has an
/// owner.
pub fn ignored(mesh: &Mesh) -> Vec<Ignored> {
    let mut said: BTreeMap<&SmolStr, BTreeSet<SmolStr>> = BTreeMap::new();
    for ignore in &mesh.ignores {
        let pointers = ignore.pointers.iter().map(|pointer| pointer.value.text().clone());
        said.entry(ignore.object.value.text()).or_default().extend(pointers);
    }
    let ceded = ceded(mesh);
    let mut ignored = Vec::new();
    if said.is_empty() && ceded.is_empty() {
        return ignored;
    }
    pipeline::each_object(mesh, &mut |object| {
        let metadata = &object.metadata;
        let name = ObjectName::new(object.kind(), metadata.namespace.as_deref(), &metadata.name);
        let mut pointers = said.get(name.text()).cloned().unwrap_or_default();
        if let Spec::VirtualService(rules) = &object.spec {
            pointers.extend(weights(rules, &ceded));
        }
        if !pointers.is_empty() {
            ignored.push(of(&object, pointers));
        }
    });
    ignored.sort();
    ignored
}

fn of(object: &Object, pointers: BTreeSet<SmolStr>) -> Ignored {
    let (api, kind) = object.spec.kind();
    Ignored {
        group: api.split_once('/').map_or(SmolStr::default(), |(group, _)| group.into()),
        kind: kind.into(),
        name: object.metadata.name.clone(),
        namespace: object.metadata.namespace.clone(),
        json_pointers: pointers.into_iter().collect(),
    }
}

/// The hosts of services whose shares another controller moves.
fn ceded(mesh: &Mesh) -> BTreeSet<SmolStr> {
    let owned =
        mesh.services.iter().filter(|service| service.canary.as_ref().is_some_and(|canary| canary.owner.is_some()));
    let domain = mesh.cluster_domain.value.text();
    let host = |service: &crate::ir::Service| {
        format_smolstr!("{}.{}.svc.{domain}", service.name, mesh.namespace_name(service.namespace))
    };
    owned.map(host).collect()
}

/// Pointers to the weights with which rules split requests or connections for one of these hosts.
fn weights(rules: &VirtualService, ceded: &BTreeSet<SmolStr>) -> Vec<SmolStr> {
    let http = rules.http.iter().enumerate().map(|(at, rule)| ("http", at, &rule.route));
    let tls = rules.tls.iter().enumerate().map(|(at, rule)| ("tls", at, &rule.route));
    let tcp = rules.tcp.iter().enumerate().map(|(at, rule)| ("tcp", at, &rule.route));
    let is_ceded = |to: &RouteDestination| to.weight.is_some() && ceded.contains(&to.destination.host);
    let of_rule = |(list, at, route): (&str, usize, &Vec<RouteDestination>)| -> Vec<SmolStr> {
        let of_rule = route.iter().enumerate().filter(|(_, to)| is_ceded(to));
        of_rule.map(|(part, _)| format_smolstr!("/spec/{list}/{at}/route/{part}/weight")).collect()
    };
    http.chain(tls).chain(tcp).flat_map(of_rule).collect()
}
