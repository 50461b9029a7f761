use crate::check::Subject;
use crate::check::access::mode;
use crate::check::said::reaching;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ir::{Denial, MtlsMode, Service};

pub(super) static CODE: Code =
    code!("deny-needs-strict", Error, "a denial by identity on a port that takes callers without one");

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    for service in subject.mesh.services.iter().filter(|service| service.data_plane.has_proxy()) {
        for denial in &service.denials {
            check(service, denial, found);
        }
    }
}

fn check(service: &Service, denial: &Denial, found: &mut Diagnostics) {
    let Some(caller) = denial.callers.iter().find(|caller| caller.peer.has_identity()) else { return };
    let mut touched = service.touched(&denial.conditions);
    let Some(port) = touched.find(|port| mode(service, port) != MtlsMode::Strict) else { return };
    let number = port.number.value;
    let fault = Diagnostic::new(&CODE, "a denial by identity on a port that takes callers without one")
        .at(caller.span, "who comes without a certificate passes this")
        .note("a connection in plain text has no identity, so a DENY rule that names one does not match it")
        .help("make the port strict, or deny `anyone` or an address range, which need no identity");
    let fault = match service.port_mtls(port).mode.span() {
        Some(span) => fault.related(span, format!("port {number} takes connections in plain text")),
        None => fault,
    };
    found.push(reaching(fault, denial.origin, service));
}
