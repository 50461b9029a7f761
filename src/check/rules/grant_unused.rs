use crate::check::Subject;
use crate::check::access::{asking, callers, is_own, without};
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ir::{Callee, Grant, Mesh, Peer, Service, ServiceId};
use crate::source::Span;
use std::collections::{BTreeMap, BTreeSet};

pub(super) static CODE: Code = code!("grant-unused", Warning, "a caller that is allowed and does not call");

/// One name in an `allow`, with the first service that it reaches.
struct Said<'m> {
    callee: Callee,
    peer: Peer,
    service: &'m Service,
    grant: &'m Grant,
    at: usize,
    is_used: bool,
}

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    let mesh = subject.mesh;
    let called = Called::of(mesh);
    let mut names: BTreeMap<Span, Said<'_>> = BTreeMap::new();
    for (id, service) in mesh.services() {
        for grant in &service.grants {
            for (at, caller) in grant.callers.iter().enumerate() {
                let is_used = called.has(id, caller.peer);
                let said = Said { callee: Callee::Service(id), peer: caller.peer, service, grant, at, is_used };
                names.entry(caller.span).and_modify(|said| said.is_used |= is_used).or_insert(said);
            }
        }
    }
    for (span, said) in names.iter().filter(|(_, said)| !said.is_used) {
        found.push(fault(mesh, *span, said));
    }
}

/// Which service is called by whom.
struct Called {
    pairs: BTreeSet<(ServiceId, Peer)>,
    by_all_means: BTreeSet<Peer>,
}

impl Called {
    fn of(mesh: &Mesh) -> Self {
        let mut called = Called { pairs: BTreeSet::new(), by_all_means: BTreeSet::new() };
        for (id, ask) in asking(mesh) {
            called.pairs.insert((mesh.authorizer(ask.authorizer).service.value, Peer::Service(id)));
        }
        for (caller, calls) in callers(mesh) {
            for call in calls {
                match call.callee {
                    Callee::Service(id) => {
                        called.pairs.insert((id, caller.peer()));
                        // The caller's own proxy sends on what a route of the callee leads elsewhere.
                        let routed = mesh.service(id).routed();
                        called.pairs.extend(routed.map(|(_, _, other)| (other, caller.peer())));
                    }
                    Callee::Anything => _ = called.by_all_means.insert(caller.peer()),
                    Callee::External(_) | Callee::KubeApi => {}
                }
            }
        }
        called
    }

    /// Of many at once it is not known whether they call.
    fn has(&self, callee: ServiceId, peer: Peer) -> bool {
        match peer {
            Peer::Service(_) | Peer::Workload(_) => {
                self.pairs.contains(&(callee, peer)) || self.by_all_means.contains(&peer)
            }
            Peer::Namespace(_)
            | Peer::Gateway(_)
            | Peer::Address(_)
            | Peer::AnyoneInMesh
            | Peer::Anyone
            | Peer::KubeApi => true,
        }
    }
}

fn fault(mesh: &Mesh, span: Span, said: &Said<'_>) -> Diagnostic {
    let Said { callee, peer, service, grant, at, is_used: _ } = said;
    let home = match peer {
        Peer::Workload(id) => mesh.workload(*id).namespace,
        Peer::Service(id) => mesh.service(*id).namespace,
        Peer::Namespace(_)
        | Peer::Gateway(_)
        | Peer::Address(_)
        | Peer::AnyoneInMesh
        | Peer::Anyone
        | Peer::KubeApi => service.namespace,
    };
    let line = format!("calls {}", callee.name(mesh, home));
    let via = grant.callers.get(*at).and_then(|caller| caller.via);
    if via.is_some() {
        return of_several(said, mesh, span);
    }
    let peer = peer.name(mesh, service.namespace);
    let (title, fact) = match is_own(grant.origin) {
        true => (format!("`{peer}` is allowed and does not call `{}`", service.name), format!("does not say `{line}`")),
        false => (
            format!("`{peer}` is allowed and calls none of the services that this reaches"),
            "says `calls` for none of them".to_owned(),
        ),
    };
    let fault = Diagnostic::new(&CODE, title).at(span, fact).note(
        "the scope of its proxy and its way out of the network are made of `calls`: without it the grant serves only who takes over its account",
    );
    let fault = fault.help(format!("if it is to call, add `{line}` to it"));
    match without(grant, *at) {
        Some(rest) => fault.fix("if not, take it out", rest, ""),
        None => fault.help("if not, take this grant out"),
    }
}

/// A name for several of whom none calls.
fn of_several(said: &Said<'_>, mesh: &Mesh, span: Span) -> Diagnostic {
    let Said { service, grant, at, .. } = said;
    let name = grant.callers.get(*at).map_or_else(String::new, |caller| caller.name(mesh, service.namespace));
    let fault = Diagnostic::new(&CODE, format!("`{name}` is allowed and none of it calls `{}`", service.name))
        .at(span, "none of its members says `calls`")
        .note("the scope of a proxy and its way out of the network are made of `calls`: without it the grant serves only who takes over an account")
        .help(format!("if one of them is to call, add `calls {}.{}` to it", service.name, mesh.namespace_name(service.namespace)));
    match without(grant, *at) {
        Some(rest) => fault.fix("if not, take it out", rest, ""),
        None => fault.help("if not, take this grant out"),
    }
}
