use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ir::{Issuer, IssuerId, Mesh, Readers, Service};
use crate::source::Span;
use std::collections::{BTreeMap, BTreeSet};

pub(super) static CODE: Code = code!("issuer-unused", Warning, "an issuer whose tokens nobody asks for");

/// An issuer that one environment asks for is not unused because another does not.
pub(super) fn run(meshes: &[&Mesh], found: &mut Diagnostics) {
    let mut used: BTreeSet<Option<Span>> = BTreeSet::new();
    let mut declared: BTreeMap<Option<Span>, &Issuer> = BTreeMap::new();
    for mesh in meshes.iter().filter(|mesh| !mesh.issuers.is_empty()) {
        let asked = asked(mesh);
        used.extend(mesh.issuers().filter(|(id, _)| asked.contains(id)).map(|(_, issuer)| issuer.origin.span));
        declared.extend(mesh.issuers.iter().map(|issuer| (issuer.origin.span, issuer)));
    }
    for issuer in declared.iter().filter(|(span, _)| !used.contains(span)).map(|(_, issuer)| issuer) {
        found.push(
            Diagnostic::new(&CODE, format!("nobody asks for a token of `{}`", issuer.name))
                .at_known(issuer.origin.span, "no `require-token` that reaches a service names it")
                .note("an issuer alone protects nothing: tokens are read only where one is asked for")
                .help(format!("ask for it where it counts: `require-token {}`; or take the issuer out", issuer.name)),
        );
    }
}

/// The issuers whose tokens an environment asks for.
fn asked(mesh: &Mesh) -> BTreeSet<IssuerId> {
    let readers = Readers::of(mesh);
    let gateways = mesh.gateways().flat_map(|(id, _)| readers.at_gateway(id));
    mesh.services.iter().flat_map(Service::issuers).chain(gateways).collect()
}
