use crate::check::Subject;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ir::ClientCertificate;

pub(super) static CODE: Code =
    code!("secret-needs-gateway", Error, "a client's certificate in a Secret that the caller's proxy does not read");

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    for external in subject.mesh.externals.iter().filter(|external| external.via.is_none()) {
        for tls in external.ports.iter().filter_map(|port| port.tls.as_deref()) {
            let Some(certificate) = &tls.certificate else { continue };
            let ClientCertificate::Secret(name) = &certificate.value else { continue };
            found.push(
                Diagnostic::new(&CODE, format!("no proxy of a caller reads the Secret `{name}`"))
                    .at_known(certificate.span(), "only gateways read Secrets")
                    .note("Istio ignores `credentialName` in a DestinationRule at sidecars, the whole TLS block with it: the calls would leave in plain text")
                    .help(format!("send `{}` through an egress gateway: `via NAME`", external.name))
                    .help("or name files in the proxy: `client-certificate file=\"/etc/certs/tls.crt\" key=\"/etc/certs/tls.key\"`"),
            );
        }
    }
}
