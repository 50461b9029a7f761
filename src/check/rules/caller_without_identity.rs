use crate::check::Subject;
use crate::check::access::{Member, callers, mode};
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ir::{Callee, Mesh, MtlsMode, Service};

pub(super) static CODE: Code =
    code!("caller-without-identity", Error, "a call from pods without a proxy, which have no identity");

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    let mesh = subject.mesh;
    for (caller, calls) in callers(mesh).filter(|(caller, _)| !has_proxy(mesh, *caller)) {
        for call in calls {
            let Callee::Service(id) = call.callee else { continue };
            let callee = mesh.service(id);
            if !callee.data_plane.has_proxy() || lets_plain_in(callee) {
                continue;
            }
            let name = call.callee.name(mesh, caller.namespace(mesh));
            found.push(
                Diagnostic::new(&CODE, format!("`{}` has no identity, and `{name}` asks for one", caller.name(mesh)))
                    .at_known(call.origin.span, "this call will be refused")
                    .note("pods without a proxy have no certificate: a strict port resets their connections, and no grant by identity holds for them")
                    .help("let the caller have a proxy, or let the callee take plain text by address: `mtls permissive` and `allow \"cidr:...\"`"),
            );
        }
    }
}

fn has_proxy(mesh: &Mesh, caller: Member) -> bool {
    match caller {
        Member::Service(id) => mesh.service(id).data_plane.has_proxy(),
        Member::Workload(id) => mesh.workload(id).data_plane.has_proxy(),
    }
}

/// Whether some port takes a connection without a certificate by a grant that asks for none.
fn lets_plain_in(callee: &Service) -> bool {
    let plain = callee.grants.iter().filter(|grant| grant.callers.iter().any(|caller| !caller.peer.has_identity()));
    plain.flat_map(|grant| callee.touched(&grant.conditions)).any(|port| mode(callee, port) != MtlsMode::Strict)
}
