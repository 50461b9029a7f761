use crate::check::Subject;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};

pub(super) static CODE: Code = code!("certificate-missing", Error, "a listener that ends TLS without a certificate");

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    for listener in subject.mesh.gateways.iter().flat_map(|gateway| &gateway.listeners) {
        let ends_tls = listener.protocol.value.is_encrypted() && listener.passthrough.is_none();
        if ends_tls && listener.certificates.is_empty() {
            let word = listener.protocol.value.word();
            found.push(
                Diagnostic::new(&CODE, format!("the {word} listener {} has no certificate", listener.number.value))
                    .at(listener.span, "no `certificate` in this block")
                    .note("without a certificate no TLS handshake can succeed, and Istio refuses such a server")
                    .help("name the Secret that holds it: `certificate shop-tls`; or hand TLS on: `passthrough`"),
            );
        }
    }
}
