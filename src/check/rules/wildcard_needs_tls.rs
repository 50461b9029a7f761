use crate::check::Subject;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ir::Resolution;
use crate::value::ProtocolKind;

pub(super) static CODE: Code = code!("wildcard-needs-tls", Error, "a pattern of hosts on a port that is no TLS");

const DIALLED: &str = "a wildcard has no address of its own, so the proxy goes where the caller dials; the name in a plain request is the caller's word, while behind TLS the application checks who answers";
const LOOKED_UP: &str = "which of all these names is asked for is the caller's choice, and in plain text whoever DNS says has it may answer; behind TLS the application checks who answers";

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    for external in &subject.mesh.externals {
        let Some(host) = external.wildcard() else { continue };
        for port in external.ports.iter().filter(|port| port.kind() != ProtocolKind::Tls) {
            let fault = Diagnostic::new(&CODE, format!("`{}` on a port of `{}`", host.value, port.protocol.word()))
                .at_known(port.number.span(), "here nothing proves which host answers")
                .note(match external.resolution.value {
                    Resolution::DynamicDns => LOOKED_UP,
                    Resolution::None | Resolution::Static | Resolution::Dns | Resolution::DnsRoundRobin => DIALLED,
                });
            found.push(
                match host.span() {
                    Some(span) => fault.related(span, "a pattern"),
                    None => fault,
                }
                .help("name the hosts, or let the application speak TLS: `port 443 https`"),
            );
        }
    }
}
