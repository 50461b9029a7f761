use crate::check::Subject;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ir::{IssuerId, Readers, Service};
use std::collections::BTreeSet;

pub(super) static CODE: Code = code!("issuer-unused", Warning, "an issuer whose tokens nobody asks for");

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    let mesh = subject.mesh;
    if mesh.issuers.is_empty() {
        return;
    }
    let readers = Readers::of(mesh);
    let gateways = mesh.gateways().flat_map(|(id, _)| readers.at_gateway(id));
    let used: BTreeSet<IssuerId> = mesh.services.iter().flat_map(Service::issuers).chain(gateways).collect();
    for (_, issuer) in mesh.issuers().filter(|(id, _)| !used.contains(id)) {
        found.push(
            Diagnostic::new(&CODE, format!("nobody asks for a token of `{}`", issuer.name))
                .at_known(issuer.origin.span, "no `require-token` that reaches a service names it")
                .note("an issuer alone protects nothing: tokens are read only where one is asked for")
                .help(format!("ask for it where it counts: `require-token {}`; or take the issuer out", issuer.name)),
        );
    }
}
