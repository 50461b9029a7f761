use crate::check::Subject;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ir::ListenerProtocol;

pub(super) static CODE: Code = code!("certificate-missing", Error, "an https listener without a certificate");

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    for listener in subject.mesh.gateways.iter().flat_map(|gateway| &gateway.listeners) {
        if listener.protocol.value == ListenerProtocol::Https && listener.certificates.is_empty() {
            found.push(
                Diagnostic::new(&CODE, format!("the https listener {} has no certificate", listener.number.value))
                    .at(listener.span, "no `certificate` in this block")
                    .note("without a certificate no TLS handshake can succeed, and Istio refuses such a server")
                    .help("name the Secret that holds it: `certificate shop-tls`"),
            );
        }
    }
}
