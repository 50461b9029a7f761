use crate::check::Subject;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ir::Resolution;

pub(super) static CODE: Code = code!("wildcard-anywhere", Warning, "a pattern of hosts that is reached at any address");

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    for external in &subject.mesh.externals {
        let follows = external.resolution.value == Resolution::None && external.addresses.is_empty();
        let Some(host) = external.wildcard().filter(|_| follows && external.via.is_none()) else { continue };
        found.push(
            Diagnostic::new(&CODE, format!("`{}` opens every address on its ports", host.value))
                .at_known(host.span(), "goes to whatever address the caller dials")
                .note("with no address of its own the proxy follows the caller's, and the server name in TLS is only what the caller claims; the network policy cannot name hosts, so it is open on these ports")
                .help("say the ranges where these hosts are: `address \"192.0.2.0/24\"`")
                .help("or let the name that is asked for be looked up: `resolution dynamic-dns`"),
        );
    }
}
