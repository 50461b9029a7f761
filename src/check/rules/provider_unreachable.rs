use crate::check::Subject;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ir::Sink;

pub(super) static CODE: Code = code!("provider-unreachable", Error, "a provider to which no way leads");

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    let mesh = subject.mesh;
    for provider in &mesh.providers {
        let (host, port, declared) = match &provider.sink {
            Sink::Proxy => continue,
            Sink::Service { declared, port, .. } => {
                let Some(service) = declared.map(|id| mesh.service(id)) else { continue };
                if service.ports.is_empty() || service.port(port.value).is_some() {
                    continue;
                }
                (service.name.to_string(), port, service.origin.span)
            }
            Sink::Outside { host, declared: None, port } => {
                found.push(
                    Diagnostic::new(&CODE, format!("nothing outside is declared with the host `{}`", host.value))
                        .at_known(host.span(), "no proxy knows the way there")
                        .note("a proxy reaches what is in its registry: a host outside is there by an `external` alone")
                        .help(format!(
                            "declare it: `external {} {{ host {}; port {} {} }}`",
                            provider.name,
                            host.value,
                            port.value,
                            provider.kind.protocol()
                        )),
                );
                continue;
            }
            Sink::Outside { host, declared: Some(id), port } => {
                let external = mesh.external(*id);
                if external.ports.iter().any(|found| found.number.value == port.value) {
                    continue;
                }
                (host.value.to_string(), port, external.origin.span)
            }
        };
        let fault = Diagnostic::new(&CODE, format!("`{host}` has no port `{}`", port.value))
            .at_known(port.span(), "what is told here arrives nowhere")
            .help("name one of its ports, or declare this one there");
        found.push(match declared {
            Some(span) => fault.related(span, "declared here"),
            None => fault,
        });
    }
}
