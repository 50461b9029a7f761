use crate::check::Subject;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};

pub(super) static CODE: Code = code!("no-port", Error, "a service without a port");

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    for service in subject.mesh.services.iter().filter(|service| service.ports.is_empty()) {
        found.push(
            Diagnostic::new(&CODE, format!("`{}` has no port", service.name))
                .at_known(service.origin.span, "nothing can be called here")
                .note(
                    "every rule about calls names a port: without one there is nothing to route, to allow or to refuse",
                )
                .help("say what it listens on, for example `port 8080 http`; what only calls is a `workload`"),
        );
    }
}
