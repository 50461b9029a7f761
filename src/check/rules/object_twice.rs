use crate::check::Subject;
use crate::check::gateways::exposed;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ir::{Door, Exposure, Gateway, GatewayId, Mesh, NamespaceId};
use crate::source::{Origin, Span};
use smol_str::SmolStr;
use std::collections::BTreeMap;

pub(super) static CODE: Code = code!("object-twice", Error, "two nodes whose objects would have one name");

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    gateways(subject.mesh, found);
    hosts(subject.mesh, found);
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
        match taken.get(&(home, name(mesh.gateway(*id), door, is_shared))) {
            Some(other) => found.push(fault(mesh, exposure, other)),
            None => _ = taken.insert((home, name(mesh.gateway(*id), door, is_shared)), exposure),
        }
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
