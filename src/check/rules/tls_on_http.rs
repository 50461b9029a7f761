use crate::check::Subject;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ir::{ClientCertificates, Listener, Tls};
use crate::source::{Origin, Span};

pub(super) static CODE: Code = code!("tls-on-http", Error, "a word about TLS on a listener that speaks plain text");

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    let listeners = subject.mesh.gateways.iter().flat_map(|gateway| &gateway.listeners);
    for listener in listeners.filter(|listener| !listener.protocol.value.is_encrypted()) {
        let Some((word, span)) = first(listener) else { continue };
        let plain = listener.protocol.value.word();
        let encrypted = if listener.hands_on_bytes() { "tls" } else { "https" };
        let fault = Diagnostic::new(&CODE, format!("`{word}` on a listener that speaks plain {plain}"))
            .at(span, "has nothing to act on")
            .note("a server of protocol HTTP or TCP takes its connections in plain text, and Istio refuses one that has a certificate");
        let may_be_https = !listener.certificates.is_empty() && !listener.hands_on_bytes();
        found.push(match listener.protocol.span().filter(|_| may_be_https) {
            Some(protocol) => fault.fix(format!("let it speak {encrypted}"), protocol, encrypted),
            None => fault.help(format!("take it out, or let the listener speak {encrypted}, with a certificate")),
        });
    }
}

/// The words about how TLS ends here.
pub(super) fn about_ends(listener: &Listener) -> Vec<(&'static str, Origin)> {
    let mut said: Vec<_> = listener.certificates.iter().map(|said| ("certificate", said.origin)).collect();
    if let Some(ClientCertificates { authority, optional, names }) = listener.clients.as_deref() {
        said.extend(authority.iter().map(|said| ("client-ca", said.origin)));
        said.extend(optional.iter().map(|said| ("client-ca", said.origin)));
        said.extend(names.iter().map(|said| ("client-san", said.origin)));
    }
    let Tls { least, most, ciphers, curves } = &listener.tls;
    said.extend(least.iter().chain(most).map(|said| ("tls", said.origin)));
    said.extend(ciphers.iter().chain(curves).map(|said| ("tls", said.origin)));
    said
}

/// The first word about TLS.
fn first(listener: &Listener) -> Option<(&'static str, Span)> {
    let passthrough = listener.passthrough.map(|origin| ("passthrough", origin));
    let all = about_ends(listener).into_iter().chain(passthrough);
    all.filter_map(|(word, origin)| Some((word, origin.span?))).min_by_key(|(_, span)| *span)
}
