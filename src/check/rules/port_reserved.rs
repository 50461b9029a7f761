use crate::check::Subject;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::source::Decided;
use crate::value::Port;

pub(super) static CODE: Code = code!("port-reserved", Error, "a port that the proxy uses itself");

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    let services =
        subject.mesh.services.iter().flat_map(|service| &service.ports).map(|port| (&port.number, &port.target));
    let gateways =
        subject.mesh.gateways.iter().flat_map(|gateway| &gateway.listeners).map(|port| (&port.number, &port.target));
    // What is dialled outside is no port of a pod.
    let externals =
        subject.mesh.externals.iter().flat_map(|external| &external.ports).map(|port| (&port.number, &port.number));
    for (number, target) in services.chain(gateways).chain(externals) {
        // A target that nobody says is the number, which is told once.
        let said = [number, target].into_iter().filter(|port| port.span().is_some() && port.value.is_reserved());
        for port in said {
            found.push(fault(port));
        }
    }
}

fn fault(port: &Decided<Port>) -> Diagnostic {
    Diagnostic::new(&CODE, format!("port {} belongs to the proxy", port.value))
        .at_known(port.span(), "between 15000 and 15090")
        .note("Istio keeps these ports for its proxy, which listens on some of them in every pod")
        .help("use a port outside 15000 to 15090")
}
