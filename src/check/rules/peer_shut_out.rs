use crate::check::Subject;
use crate::check::access::mode;
use crate::check::said::reaching;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ir::{Caller, Grant, Mesh, MtlsMode, Peer, Service};
use crate::source::Span;
use std::collections::BTreeMap;

pub(super) static CODE: Code =
    code!("peer-shut-out", Error, "callers without a certificate allowed where one is asked for");

/// One name in an `allow`, with the first service where it is shut out.
struct Said<'m> {
    shut_out: Option<(&'m Service, &'m Grant, &'m Caller)>,
    gets_in: bool,
}

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    for said in names(subject.mesh).values().filter(|said| !said.gets_in) {
        if let Some((service, grant, caller)) = said.shut_out {
            found.push(fault(subject.mesh, service, grant, caller));
        }
    }
}

/// A default may be meant for some of the services that it reaches: it is at fault if nobody gets in anywhere.
fn names(mesh: &Mesh) -> BTreeMap<Span, Said<'_>> {
    let mut names: BTreeMap<Span, Said<'_>> = BTreeMap::new();
    for service in &mesh.services {
        for grant in &service.grants {
            for caller in grant.callers.iter().filter(|caller| !caller.peer.has_identity()) {
                let said = names.entry(caller.span).or_insert(Said { shut_out: None, gets_in: false });
                // Of a name for several it is enough that one gets in.
                let is_same = |other: &Caller| other.span == caller.span && other.peer.has_identity();
                said.gets_in |= grant.callers.iter().any(is_same);
                match gets_in(service, grant) {
                    Some(true) => said.gets_in = true,
                    Some(false) => said.shut_out = said.shut_out.or(Some((service, grant, caller))),
                    None => {}
                }
            }
        }
    }
    names
}

/// Whether a caller without a certificate gets in by a grant; none where the grant touches no port.
pub(super) fn gets_in(service: &Service, grant: &Grant) -> Option<bool> {
    let mut modes = service.touched(&grant.conditions).map(|port| mode(service, port)).peekable();
    modes.peek()?;
    Some(modes.any(|mode| mode != MtlsMode::Strict))
}

fn fault(mesh: &Mesh, service: &Service, grant: &Grant, caller: &Caller) -> Diagnostic {
    let name = caller.name(mesh, service.namespace);
    let fault = Diagnostic::new(&CODE, format!("`{name}` is allowed, and every port shuts it out"))
        .at(caller.span, "comes without a certificate of the mesh")
        .note("a port with strict mutual TLS resets a connection without a certificate before any grant is looked at");
    let strict = service.touched(&grant.conditions).find_map(|port| service.port_mtls(port).mode.span());
    let fault = match strict {
        Some(span) => fault.related(span, "a certificate is asked for"),
        None => fault,
    };
    let fault = match caller.peer {
        Peer::Anyone => fault.fix("let every identity of the mesh in", caller.span, "anyone-in-mesh"),
        Peer::Address(_)
        | Peer::KubeApi
        | Peer::Service(_)
        | Peer::Workload(_)
        | Peer::Namespace(_)
        | Peer::Gateway(_)
        | Peer::AnyoneInMesh => fault.help("let the port that it calls take both: `mtls permissive` in that `port`"),
    };
    reaching(fault, grant.origin, service)
}
