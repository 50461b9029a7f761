use crate::check::Subject;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ir::Peer;

pub(super) static CODE: Code =
    code!("identity-at-gateway", Error, "a caller by identity where a gateway knows addresses alone");

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    let mesh = subject.mesh;
    for gateway in &mesh.gateways {
        for (verb, list) in [("allows", &gateway.grants), ("denies", &gateway.denials)] {
            for caller in list.iter().flat_map(|grant| &grant.callers) {
                if matches!(caller.peer, Peer::Anyone | Peer::Address(_)) {
                    continue;
                }
                let name = caller.peer.name(mesh, gateway.namespace);
                found.push(
                    Diagnostic::new(&CODE, format!("gateway `{}` {verb} `{name}`, whom it cannot know", gateway.name))
                        .at(caller.span, "known by its identity in the mesh")
                        .note("clients come to a gateway from outside: its listeners ask for no certificate of the mesh, so a rule by identity never matches")
                        .help("name clients by address, `\"cidr:203.0.113.0/24\"`; or let services in where the service is: `allow` there"),
                );
            }
        }
    }
}
