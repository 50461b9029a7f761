use crate::check::access::{asking, callers, is_own, without};
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ir::{Callee, Grant, Mesh, NamespaceId, Outgoing, Peer, ServiceId, Sink};
use crate::source::Span;
use std::collections::{BTreeMap, BTreeSet};

pub(super) static CODE: Code = code!("grant-unused", Warning, "a caller that is allowed and does not call");

/// One name in an `allow`, with the first service that it reaches.
struct Said<'m> {
    mesh: &'m Mesh,
    callee: Callee,
    peer: Peer,
    name: &'m str,
    /// The namespace that short names are of; none: an external of the whole mesh, which names all in full.
    home: Option<NamespaceId>,
    grant: &'m Grant,
    at: usize,
    is_used: bool,
}

/// The names by where they stand, in whatever environment.
type Names<'m> = BTreeMap<Span, Said<'m>>;

/// A caller that calls in one environment is not useless because it does not in another.
pub(super) fn run(meshes: &[&Mesh], found: &mut Diagnostics) {
    let mut names = Names::new();
    for mesh in meshes {
        let called = Called::of(mesh);
        services(mesh, &called, &mut names);
        externals(mesh, &called, &mut names);
    }
    for (span, said) in names.iter().filter(|(_, said)| !said.is_used) {
        found.push(fault(*span, said));
    }
}

fn services<'m>(mesh: &'m Mesh, called: &Called, names: &mut Names<'m>) {
    for (id, service) in mesh.services() {
        for grant in &service.grants {
            for (at, caller) in grant.callers.iter().enumerate() {
                let is_used = called.has(id, caller.peer);
                let (callee, peer, home) = (Callee::Service(id), caller.peer, Some(service.namespace));
                let said = Said { mesh, callee, peer, name: &service.name, home, grant, at, is_used };
                names.entry(caller.span).and_modify(|said| said.is_used |= is_used).or_insert(said);
            }
        }
    }
}

/// What is outside and names its callers.
fn externals<'m>(mesh: &'m Mesh, called: &Called, names: &mut Names<'m>) {
    let outgoing = Outgoing::of(mesh);
    for (id, external) in mesh.externals() {
        let reaching: BTreeSet<Peer> = outgoing.callers(id).collect();
        for grant in &external.grants {
            for (at, caller) in grant.callers.iter().enumerate() {
                let is_one = matches!(caller.peer, Peer::Service(_) | Peer::Workload(_) | Peer::Gateway(_));
                let is_used = !is_one || reaching.contains(&caller.peer) || called.by_all_means.contains(&caller.peer);
                let (callee, peer, home) = (Callee::External(id), caller.peer, external.namespace);
                let said = Said { mesh, callee, peer, name: &external.name, home, grant, at, is_used };
                names.entry(caller.span).and_modify(|said| said.is_used |= is_used).or_insert(said);
            }
        }
    }
}

/// Which service is called by whom.
struct Called {
    /// In order.
    pairs: Vec<(ServiceId, Peer)>,
    by_all_means: BTreeSet<Peer>,
}

impl Called {
    fn of(mesh: &Mesh) -> Self {
        let mut called = Called { pairs: Vec::new(), by_all_means: BTreeSet::new() };
        for (id, ask) in asking(mesh) {
            called.pairs.push((mesh.authorizer(ask.authorizer).service.value, Peer::Service(id)));
        }
        for (reporter, _, telemetry) in mesh.reporters() {
            let told = telemetry.providers().filter_map(|said| match mesh.provider(said.value).sink {
                Sink::Service { declared, .. } => declared,
                Sink::Proxy | Sink::Outside { .. } => None,
            });
            called.pairs.extend(told.map(|id| (id, reporter)));
        }
        for (caller, calls) in callers(mesh) {
            for call in calls {
                match call.callee {
                    Callee::Service(id) => {
                        called.pairs.push((id, caller.peer()));
                        // The caller's own proxy sends on what a route of the callee leads elsewhere.
                        let routed = mesh.service(id).routed();
                        called.pairs.extend(routed.map(|(_, _, other)| (other, caller.peer())));
                    }
                    Callee::Anything => _ = called.by_all_means.insert(caller.peer()),
                    Callee::External(_) | Callee::KubeApi => {}
                }
            }
        }
        called.pairs.sort_unstable();
        called
    }

    /// Of many at once it is not known whether they call.
    fn has(&self, callee: ServiceId, peer: Peer) -> bool {
        match peer {
            Peer::Service(_) | Peer::Workload(_) => {
                self.pairs.binary_search(&(callee, peer)).is_ok() || self.by_all_means.contains(&peer)
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

fn fault(span: Span, said: &Said<'_>) -> Diagnostic {
    let Said { mesh, callee, peer, name, home: _, grant, at, is_used: _ } = said;
    if let Peer::Gateway(id) = peer {
        return of_gateway(said, &mesh.gateway(*id).name, span);
    }
    let line = format!("calls {}", mesh.home_of(*peer).map_or_else(String::new, |home| callee.name(mesh, home)));
    let via = grant.callers.get(*at).and_then(|caller| caller.via);
    if via.is_some() {
        return of_several(said, span);
    }
    let peer = said.of_peer();
    let (title, fact) = match is_own(grant.origin) {
        true => (format!("`{peer}` is allowed and does not call `{name}`"), format!("does not say `{line}`")),
        false => (
            format!("`{peer}` is allowed and calls none of the services that this reaches"),
            "says `calls` for none of them".to_owned(),
        ),
    };
    let fault = Diagnostic::new(&CODE, title).at(span, fact).note(
        "the scope of its proxy and its way out of the network are made of `calls`: without it the grant serves only who takes over its account",
    );
    said.taken_out(fault.help(format!("if it is to call, add `{line}` to it")))
}

impl Said<'_> {
    /// How the caller is named where it stands.
    fn of_peer(&self) -> String {
        let mesh = self.mesh;
        let name = |home| self.peer.name(mesh, home);
        match (self.home, mesh.home_of(self.peer)) {
            (Some(home), _) => name(home),
            (None, Some(own)) => format!("{}.{}", name(own), mesh.namespace_name(own)),
            (None, None) => String::new(),
        }
    }

    fn taken_out(&self, fault: Diagnostic) -> Diagnostic {
        match without(self.grant, self.at) {
            Some(rest) => fault.fix("if not, take it out", rest, ""),
            None => fault.help("if not, take this grant out"),
        }
    }
}

/// A gateway goes outside only where a route of what it exposes leads there.
fn of_gateway(said: &Said<'_>, gateway: &str, span: Span) -> Diagnostic {
    let title = format!("gateway `{gateway}` is allowed, and nothing that it exposes leads to `{}`", said.name);
    let fault = Diagnostic::new(&CODE, title)
        .at(span, "no route of what it exposes goes there")
        .note("a gateway goes outside for the routes of the services behind it, and calls nobody by itself")
        .help(format!("if it is to go there, lead a route of an exposed service to it: `to {}`", said.name));
    said.taken_out(fault)
}

/// A name for several of whom none calls.
fn of_several(said: &Said<'_>, span: Span) -> Diagnostic {
    let Said { mesh, callee, grant, at, name: called, home, .. } = said;
    let home = home.or(mesh.home_of(said.peer));
    let name = grant.callers.get(*at).zip(home).map_or_else(String::new, |(caller, home)| caller.name(mesh, home));
    let full = match callee {
        Callee::Service(id) => format!("{called}.{}", mesh.namespace_name(mesh.service(*id).namespace)),
        Callee::External(id) => match mesh.external(*id).namespace {
            Some(home) => format!("{called}.{}", mesh.namespace_name(home)),
            None => (*called).to_owned(),
        },
        Callee::KubeApi | Callee::Anything => (*called).to_owned(),
    };
    let fault = Diagnostic::new(&CODE, format!("`{name}` is allowed and none of it calls `{called}`"))
        .at(span, "none of its members says `calls`")
        .note("the scope of a proxy and its way out of the network are made of `calls`: without it the grant serves only who takes over an account")
        .help(format!("if one of them is to call, add `calls {full}` to it"));
    said.taken_out(fault)
}
