use crate::check::Subject;
use crate::check::gateways::exposed;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ir::{Door, Exposure, External, Gateway, GatewayId, Mesh, NamespaceId};
use crate::source::{Origin, Span};
use crate::verbatim::Made;
use smol_str::SmolStr;
use std::collections::{BTreeMap, BTreeSet};

pub(super) static CODE: Code = code!("object-twice", Error, "two nodes whose objects would have one name");

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    gateways(subject.mesh, found);
    hosts(subject.mesh, found);
    subsets(subject.mesh, found);
}

/// An egress gateway has a subset for each external, whose name holds no dot between the two names that make it.
fn subsets(mesh: &Mesh, found: &mut Diagnostics) {
    let mut taken: BTreeMap<(GatewayId, String), &External> = BTreeMap::new();
    for external in &mesh.externals {
        let Some(via) = &external.via else { continue };
        let root = mesh.root_namespace.value.text();
        let home = external.namespace.map_or(root, |id| mesh.namespace_name(id));
        let name = format!("{}-{home}", external.name);
        let Some(other) = taken.get(&(via.value, name.clone())) else {
            taken.insert((via.value, name), external);
            continue;
        };
        let title = format!(
            "`{}` and `{}` would be one subset of `{}`",
            other.name,
            external.name,
            mesh.gateway(via.value).name
        );
        let fault = Diagnostic::new(&CODE, title)
            .at_known(external.origin.span, format!("is the subset `{name}`"))
            .note("callers reach an egress gateway by a subset for each external, which is named by the external and its namespace: Istio allows no dot there")
            .help("give one of the two another name");
        found.push(with(fault, other.origin.span, "is the same"));
    }
}

/// What people carry into the mesh, against all else that is in it.
pub(super) fn run_of_objects(subject: &Subject<'_>, found: &mut Diagnostics) {
    let mut taken: BTreeMap<_, &Made> = BTreeMap::new();
    let carried: BTreeSet<_> = subject.mesh.carried.iter().filter_map(|object| object.origin.span).collect();
    let is_carried = |made: &Made| made.owner.span.is_some_and(|span| carried.contains(&span));
    let (own, strange): (Vec<&Made>, Vec<&Made>) = subject.made.iter().partition(|made| !is_carried(made));
    for made in own.into_iter().chain(strange) {
        let group = made.kind.0.split('/').next().filter(|_| made.kind.0.contains('/')).unwrap_or_default();
        let first = *taken.entry((group, &made.kind.1, &made.namespace, &made.name)).or_insert(made);
        if std::ptr::eq(first, made) || !is_carried(made) {
            continue;
        }
        let home = made.namespace.as_deref().unwrap_or_default();
        let fault = Diagnostic::new(&CODE, format!("two objects would be {} `{home}/{}`", made.kind.1, made.name))
            .at_known(made.owner.span, "that of this text")
            .note("of two objects of one kind and name the one that is applied last takes the place of the other");
        let fault = match is_carried(first) {
            true => fault.help("take one of the two out"),
            false => fault.help("change what is made by `patch`, or give this object another name"),
        };
        found.push(with(fault, first.owner.span, "that of this node"));
    }
}

/// The NetworkPolicy of a gateway has its name, as that of a service or workload has.
fn gateways(mesh: &Mesh, found: &mut Diagnostics) {
    let services = mesh.services.iter().map(|service| (service.namespace, &service.name, service.origin));
    let workloads = mesh.workloads.iter().map(|workload| (workload.namespace, &workload.name, workload.origin));
    let members: BTreeMap<(NamespaceId, &SmolStr), Origin> =
        services.chain(workloads).map(|(namespace, name, origin)| ((namespace, name), origin)).collect();
    for gateway in &mesh.gateways {
        let Some(member) = members.get(&(gateway.namespace, &gateway.name)) else { continue };
        let home = mesh.namespace_name(gateway.namespace);
        let fault =
            Diagnostic::new(&CODE, format!("two NetworkPolicies would be named `{}` in `{home}`", gateway.name))
                .at_known(gateway.origin.span, "that of this gateway")
                .note("of two objects of one kind and name the one that is applied last takes the place of the other")
                .help("give one of the two another name");
        found.push(with(fault, member.span, "that of these pods"));
    }
}

/// The routes of a host are named by it.
fn hosts(mesh: &Mesh, found: &mut Diagnostics) {
    let exposed = exposed(mesh);
    let mut gateways: BTreeMap<(NamespaceId, &Door), usize> = BTreeMap::new();
    for (id, door) in exposed.keys() {
        *gateways.entry((mesh.gateway(*id).namespace, door)).or_default() += 1;
    }
    let mut taken: BTreeMap<(NamespaceId, String), &Exposure> = BTreeMap::new();
    for ((id, door), exposures) in &exposed {
        let Some((_, exposure)) = exposures.first() else { continue };
        let home = mesh.gateway(*id).namespace;
        let is_shared = gateways.get(&(home, door)).is_some_and(|count| *count > 1);
        // Gateways with the same rules for a host have one object, which is named by the host alone.
        let names = BTreeSet::from([false, is_shared].map(|is_shared| name(mesh.gateway(*id), door, is_shared)));
        let earlier = names.iter().filter_map(|name| taken.get(&(home, name.clone())));
        let other = earlier.copied().find(|other| other.door.value != exposure.door.value);
        found.extend(other.map(|other| fault(mesh, exposure, other)));
        taken.extend(names.into_iter().map(|name| ((home, name), *exposure)));
    }
}

/// The name of the routes of a door: a port, and a host of several gateways, have the gateway's before it.
fn name(gateway: &Gateway, door: &Door, is_shared: bool) -> String {
    let own = door.object_name();
    if is_shared || matches!(door, Door::Listener(_)) { format!("{}.{own}", gateway.name) } else { own.to_string() }
}

fn fault(mesh: &Mesh, exposure: &Exposure, other: &Exposure) -> Diagnostic {
    let said = |exposure: &Exposure| format!("`{}` on `{}`", exposure.door.value, gateway_name(mesh, exposure.gateway));
    let fault = Diagnostic::new(&CODE, format!("{} and {} would be one object", said(other), said(exposure)))
        .at_known(exposure.door.span(), "its routes would have the name of another host's")
        .note("routes are named by their host: `*.` becomes `wildcard.`, and a host of several gateways has the gateway's name before it")
        .help("give one of the hosts or gateways another name");
    with(fault, other.door.span(), "the other host")
}

fn gateway_name(mesh: &Mesh, id: GatewayId) -> &str {
    &mesh.gateway(id).name
}

fn with(fault: Diagnostic, span: Option<Span>, fact: &str) -> Diagnostic {
    match span {
        Some(span) => fault.related(span, fact),
        None => fault,
    }
}
