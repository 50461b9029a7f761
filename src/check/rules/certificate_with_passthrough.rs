use super::tls_on_http::about_ends;
use crate::check::Subject;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};

pub(super) static CODE: Code =
    code!("certificate-with-passthrough", Error, "a word about where TLS ends on a listener that hands it on");

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    let listeners = subject.mesh.gateways.iter().flat_map(|gateway| &gateway.listeners);
    for listener in listeners.filter(|listener| listener.protocol.value.is_encrypted()) {
        let Some(passthrough) = listener.passthrough else { continue };
        let said = about_ends(listener).into_iter().filter_map(|(word, origin)| Some((word, origin.span?)));
        let Some((word, span)) = said.min_by_key(|(_, span)| *span) else { continue };
        let fault = Diagnostic::new(&CODE, format!("`{word}` on a listener that hands TLS on"))
            .at(span, "would be ignored")
            .note("with `passthrough` the handshake is the service's: the gateway has no certificate to show, and sees none");
        let fault = match passthrough.span {
            Some(span) => fault.related(span, "TLS goes through"),
            None => fault,
        };
        found.push(fault.help("take it out, or let TLS end here: take `passthrough` out"));
    }
}
