use crate::check::Subject;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ir::{Mtls, MtlsMode, Service};

pub(super) static CODE: Code = code!("mtls-without-proxy", Error, "mutual TLS for pods without a proxy");

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    for service in subject.mesh.services.iter().filter(|service| !service.data_plane.has_proxy()) {
        let ports = service.ports.iter().filter_map(|port| port.mtls.as_ref());
        for mtls in std::iter::once(&service.mtls).chain(ports) {
            check(service, mtls, found);
        }
    }
}

fn check(service: &Service, mtls: &Mtls, found: &mut Diagnostics) {
    if mtls.mode.value == MtlsMode::Disabled {
        return;
    }
    let fault = Diagnostic::new(&CODE, format!("the pods of `{}` have no proxy that could speak mutual TLS", service.name))
        .at_known(mtls.mode.span(), "would hold nowhere")
        .note("mutual TLS is spoken by the proxy of a pod; where there is none, callers speak plain text, whatever is asked for")
        .help("take it out, or let the pods have proxies: `data-plane sidecar`");
    found.push(match service.data_plane.plane.span() {
        Some(span) => fault.related(span, "no proxies"),
        None => fault,
    });
}
