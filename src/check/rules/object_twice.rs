use crate::check::Subject;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ir::{Mesh, NamespaceId};
use crate::source::{Origin, Span};
use crate::value::HostPattern;
use smol_str::{SmolStr, format_smolstr};
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

/// The routes of `*.shop.example` are named `wildcard.shop.example`, as those of a host of that name are.
fn hosts(mesh: &Mesh, found: &mut Diagnostics) {
    let mut wildcards: BTreeMap<(NamespaceId, SmolStr), Option<Span>> = BTreeMap::new();
    let exposures = || mesh.services.iter().flat_map(|service| &service.exposures);
    let place = |gateway| mesh.gateway(gateway).namespace;
    for exposure in exposures() {
        if let HostPattern::Below(host) = &exposure.host.value {
            let name = format_smolstr!("wildcard.{host}");
            wildcards.entry((place(exposure.gateway), name)).or_insert(exposure.host.span());
        }
    }
    for exposure in exposures() {
        let HostPattern::Exact(host) = &exposure.host.value else { continue };
        let Some(wildcard) = wildcards.get(&(place(exposure.gateway), host.text().clone())) else { continue };
        let fault = Diagnostic::new(&CODE, format!("two sets of routes would be named `{host}`"))
            .at_known(exposure.host.span(), "those of this host")
            .note("an object's name holds no `*`, so the routes of `*.` and a host are named `wildcard.` and that host")
            .help("expose it under another host");
        found.push(with(fault, *wildcard, "those of this one"));
    }
}

fn with(fault: Diagnostic, span: Option<Span>, fact: &str) -> Diagnostic {
    match span {
        Some(span) => fault.related(span, fact),
        None => fault,
    }
}
