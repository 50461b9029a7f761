use crate::check::Subject;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::value::HostPattern;

pub(super) static CODE: Code = code!("host-on-tcp", Error, "a host on a listener of bytes, which name none");

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    let listeners = subject.mesh.gateways.iter().flat_map(|gateway| &gateway.listeners);
    for listener in listeners.filter(|listener| listener.hands_on_bytes()) {
        for host in listener.hosts.iter().filter(|host| host.pattern != HostPattern::Any) {
            found.push(
                Diagnostic::new(&CODE, format!("`{}` on a listener of `tcp`", host.pattern))
                    .at(host.span, "nothing in the bytes says it")
                    .note("a listener of protocol TCP sees neither a Host header nor a server name, so Istio ignores the hosts of its rules")
                    .help("take it out and expose by `listen=`; or let the listener speak `https` or `tls`"),
            );
        }
    }
}
