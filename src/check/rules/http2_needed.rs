use crate::check::Subject;
use crate::check::resilience::resilience;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ir::{Resilience, Service};
use crate::source::Layer;
use crate::value::Protocol;

pub(super) static CODE: Code = code!("http2-needed", Error, "a word about HTTP/2 where no connection speaks it");

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    for service in &subject.mesh.services {
        for said in resilience(service).filter(|said| !speaks_http2(service, said)) {
            let Some(connection) = said.connection.as_deref() else { continue };
            // A default that does not fit does no harm.
            for (word, origin) in connection.of_http2().filter(|(_, origin)| origin.layer >= Layer::Own) {
                found.push(
                    Diagnostic::new(&CODE, format!("`{word}` is about HTTP/2, which no port here speaks"))
                        .at_known(origin.span, "would be ignored")
                        .note("to a port that speaks `http`, proxies open connections of HTTP/1.1, each with one request at a time")
                        .help("add `http2-upgrade #true`, declare the port as `http2` or `grpc`, or take this out"),
                );
            }
        }
    }
}

/// Whether some port that this may be said of has connections of HTTP/2.
fn speaks_http2(service: &Service, said: &Resilience) -> bool {
    let upgrade = said.connection.as_ref().and_then(|connection| connection.http2_upgrade.as_ref());
    if upgrade.is_some_and(|upgrade| upgrade.value) {
        return true;
    }
    let of_one =
        service.ports.iter().find(|port| port.resilience.as_deref().is_some_and(|own| std::ptr::eq(own, said)));
    let mut ports = service.ports.iter().filter(|port| of_one.is_none_or(|one| one.number.value == port.number.value));
    ports.any(|port| matches!(port.protocol, Protocol::Http2 | Protocol::Grpc | Protocol::GrpcWeb))
}
