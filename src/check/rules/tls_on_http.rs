use crate::check::Subject;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ir::{Listener, ListenerProtocol};
use crate::source::Span;

pub(super) static CODE: Code = code!("tls-on-http", Error, "a word about TLS on a listener that speaks plain http");

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    let listeners = subject.mesh.gateways.iter().flat_map(|gateway| &gateway.listeners);
    for listener in listeners.filter(|listener| listener.protocol.value == ListenerProtocol::Http) {
        let Some((word, span)) = first(listener) else { continue };
        let fault = Diagnostic::new(&CODE, format!("`{word}` on a listener that speaks plain http"))
            .at(span, "has nothing to act on")
            .note("a server of protocol HTTP takes its connections in plain text, and Istio refuses one that has a certificate");
        found.push(match listener.protocol.span().filter(|_| !listener.certificates.is_empty()) {
            Some(protocol) => fault.fix("let it speak https", protocol, "https"),
            None => fault.help("take it out, or let the listener speak https, with a certificate"),
        });
    }
}

/// The first word about TLS.
fn first(listener: &Listener) -> Option<(&'static str, Span)> {
    let certificates = listener.certificates.iter().map(|said| ("certificate", said.origin));
    let tls = &listener.tls;
    let versions = tls.least.iter().chain(&tls.most).map(|said| ("tls", said.origin));
    let algorithms = tls.ciphers.iter().chain(&tls.curves).map(|said| ("tls", said.origin));
    let all = certificates.chain(versions).chain(algorithms);
    all.filter_map(|(word, origin)| Some((word, origin.span?))).min_by_key(|(_, span)| *span)
}
