use crate::check::Subject;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::value::ProtocolKind;

pub(super) static CODE: Code =
    code!("tcp-without-address", Error, "something outside that speaks neither HTTP nor TLS and has no address");

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    for external in subject.mesh.externals.iter().filter(|external| external.addresses.is_empty()) {
        for port in external.ports.iter().filter(|port| port.kind() == ProtocolKind::Tcp) {
            let number = port.number.value;
            found.push(
                Diagnostic::new(&CODE, format!("port {number} of `{}` cannot be told by its name", external.name))
                    .at_known(port.number.span(), format!("`{}` carries no name of the host", port.protocol.word()))
                    .note(format!("a proxy sees the address of such a connection alone: without one, whatever is dialled on port {number} would count as this external"))
                    .help("say where it is: `address \"192.0.2.7\"`"),
            );
        }
    }
}
