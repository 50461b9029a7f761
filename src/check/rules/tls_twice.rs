use crate::check::Subject;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::value::ProtocolKind;

pub(super) static CODE: Code = code!("tls-twice", Error, "TLS that a proxy speaks around the application's own");

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    for port in subject.mesh.externals.iter().flat_map(|external| &external.ports) {
        let Some(tls) = port.tls.as_deref().filter(|_| port.kind() == ProtocolKind::Tls) else { continue };
        let fault = Diagnostic::new(&CODE, format!("port {} would carry TLS in TLS", port.number.value))
            .at_known(tls.origin.span, "the proxy would speak TLS here")
            .note("a port of `https` or `tls` is one where the application itself speaks TLS; what the proxy adds goes around it, and the other side understands neither");
        let help = "take it out, or let the application speak plain: `port 80 http { originate-tls }`";
        found.push(
            match port.number.span() {
                Some(span) => fault.related(span, format!("here the application speaks `{}`", port.protocol.word())),
                None => fault,
            }
            .help(help),
        );
    }
}
