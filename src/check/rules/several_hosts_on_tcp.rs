use crate::check::Subject;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::source::Decided;
use crate::value::ProtocolKind;

pub(super) static CODE: Code = code!("several-hosts-on-tcp", Error, "several hosts on a port that names none");

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    for external in subject.mesh.externals.iter().filter(|external| external.hosts.len() > 1) {
        let Some(port) = external.ports.iter().find(|port| port.kind() == ProtocolKind::Tcp) else { continue };
        let fault = Diagnostic::new(
            &CODE,
            format!("port {} of `{}` cannot tell its hosts apart", port.number.value, external.name),
        )
        .at_known(port.number.span(), format!("`{}` carries no name of the host", port.protocol.word()))
        .note("Istio refuses a ServiceEntry with several hosts and a port that is neither HTTP nor TLS");
        let second = external.hosts.get(1).and_then(Decided::span);
        found.push(
            match second {
                Some(span) => fault.related(span, "one host of several"),
                None => fault,
            }
            .help("declare an external for each host, each with its address"),
        );
    }
}
