use crate::check::Subject;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ir::{Exposure, Gateway};

pub(super) static CODE: Code = code!("exposure-shut-out", Error, "an exposure that its gateway lets nobody through to");

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    let mesh = subject.mesh;
    for exposure in mesh.services.iter().flat_map(|service| &service.exposures) {
        let gateway = mesh.gateway(exposure.gateway);
        if gateway.admissions(exposure).is_empty() {
            found.push(fault(gateway, exposure));
        }
    }
}

fn fault(gateway: &Gateway, exposure: &Exposure) -> Diagnostic {
    let fault =
        Diagnostic::new(&CODE, format!("no `allow` of gateway `{}` leaves anything of this exposure", gateway.name))
            .at_known(exposure.origin.span, format!("`{}` would refuse every client", gateway.name))
            .note("a client must be let in by the gateway and by the exposure: by both its address, method, path, host and listener");
    let grants = gateway.grants.iter().filter_map(|grant| grant.origin.span);
    let fault = grants.take(3).fold(fault, |fault, span| fault.related(span, "lets in others alone"));
    fault.help("widen one of the two, or expose it on another gateway")
}
