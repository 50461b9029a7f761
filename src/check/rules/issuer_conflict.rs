use crate::check::Subject;
use crate::check::gateways::sharing;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ir::{GatewayId, Issuer, IssuerId, Labels, Mesh, NamespaceId, Readers};
use crate::source::Decided;
use std::collections::{BTreeMap, BTreeSet};

pub(super) static CODE: Code = code!("issuer-conflict", Error, "two issuers of one `iss` with other keys on one pod");

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    let mesh = subject.mesh;
    let mut told: BTreeSet<(IssuerId, IssuerId)> = BTreeSet::new();
    if mesh.issuers.len() < 2 {
        return;
    }
    let readers = Readers::of(mesh);
    for issuers in at_services(mesh, &readers).into_values().chain(at_gateways(mesh, &readers)) {
        let mut first: BTreeMap<&str, IssuerId> = BTreeMap::new();
        for id in issuers {
            let Some(iss) = mesh.issuer(id).iss.as_ref() else { continue };
            let other = *first.entry(iss.value.text()).or_insert(id);
            let differ = keys(mesh.issuer(other)) != keys(mesh.issuer(id));
            if differ && told.insert((other, id)) {
                found.push(fault(mesh.issuer(other), mesh.issuer(id)));
            }
        }
    }
}

fn keys(issuer: &Issuer) -> Option<&crate::ir::Keys> {
    issuer.keys.as_ref().map(|keys| &keys.value)
}

/// What is read on the pods of each selector: services may share them.
fn at_services<'m>(mesh: &'m Mesh, readers: &Readers) -> BTreeMap<(NamespaceId, &'m Labels), BTreeSet<IssuerId>> {
    let mut pods: BTreeMap<_, BTreeSet<IssuerId>> = BTreeMap::new();
    for service in &mesh.services {
        let issuers = readers.at_service(service);
        if !issuers.is_empty() {
            pods.entry((service.namespace, &service.selector.value)).or_default().extend(issuers);
        }
    }
    pods
}

/// What is read on the pods of each gateway: gateways may share them.
fn at_gateways(mesh: &Mesh, readers: &Readers) -> Vec<BTreeSet<IssuerId>> {
    let read: Vec<(GatewayId, BTreeSet<IssuerId>)> =
        mesh.gateways().map(|(id, _)| (id, readers.at_gateway(id))).collect();
    let on = |selectors: Vec<&Labels>| {
        let here = read.iter().filter(|(id, _)| selectors.contains(&&mesh.gateway(*id).selector.value));
        here.flat_map(|(_, issuers)| issuers.iter().copied()).collect()
    };
    sharing(mesh).into_iter().map(|(_, selectors)| on(selectors)).collect()
}

fn fault(first: &Issuer, second: &Issuer) -> Diagnostic {
    let iss = second.iss.as_ref().map_or("", |iss| iss.value.text());
    let fault = Diagnostic::new(&CODE, format!("`{}` and `{}` sign for one `iss` with other keys", first.name, second.name))
        .at_known(second.iss.as_ref().and_then(Decided::span), format!("`{iss}` again"))
        .note("one workload reads the tokens of both, and its policies know issuers by `iss` alone: a token of one would pass where the other is asked for")
        .help("make them one issuer, whose `jwks-uri` has the keys of both");
    match first.iss.as_ref().and_then(Decided::span) {
        Some(span) => fault.related(span, format!("the `iss` of `{}`", first.name)),
        None => fault,
    }
}
