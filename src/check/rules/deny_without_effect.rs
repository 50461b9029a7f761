use crate::check::access::{is_own, without};
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ir::{Denial, Mesh, NamespaceId, Peer, Service};
use crate::source::Span;
use std::collections::{BTreeMap, BTreeSet};

pub(super) static CODE: Code = code!("deny-without-effect", Warning, "a denial that takes nothing away");

/// A denial that takes something away in one environment has its effect, though it has none in another.
pub(super) fn run(meshes: &[&Mesh], found: &mut Diagnostics) {
    let mut faults: BTreeMap<Option<Span>, Option<Diagnostic>> = BTreeMap::new();
    for mesh in meshes {
        for service in mesh.services.iter().filter(|service| !service.denials.is_empty()) {
            of_service(mesh, service, &mut faults);
        }
    }
    found.extend(faults.into_values().flatten());
}

/// What is to be said of each name, by where it stands; nothing of one that had an effect somewhere.
fn of_service(mesh: &Mesh, service: &Service, faults: &mut BTreeMap<Option<Span>, Option<Diagnostic>>) {
    let allowed = Allowed::of(mesh, service);
    // A denial of a default is a guard against grants to come.
    for denial in service.denials.iter().filter(|denial| is_own(denial.origin)) {
        if denial.conditions.is_void() {
            faults.entry(denial.origin.span).or_insert_with(|| Some(void(denial)));
            continue;
        }
        for (at, caller) in denial.callers.iter().enumerate() {
            // Of a name for several it is enough that it takes something from one.
            let same = denial.callers.iter().filter(|other| other.span == caller.span);
            if same.into_iter().any(|other| allowed.concerns(mesh, other.peer)) {
                faults.insert(Some(caller.span), None);
                continue;
            }
            let fault = || {
                let name = caller.name(mesh, service.namespace);
                let fault = Diagnostic::new(&CODE, format!("`{name}` is denied, and nothing lets it in"))
                    .at(caller.span, format!("no `allow` of `{}` is for it", service.name))
                    .note("whom no grant names is refused already: a denial takes away from grants, and here is none to take from");
                match without(denial, at) {
                    Some(rest) => fault.fix("take it out", rest, ""),
                    None => fault.help("take this denial out"),
                }
            };
            faults.entry(Some(caller.span)).or_insert_with(|| Some(fault()));
        }
    }
}

fn void(denial: &Denial) -> Diagnostic {
    Diagnostic::new(&CODE, "a denial that leaves everything out")
        .at_known(denial.origin.span, "its `not` takes away every request")
        .note("no line of `not` may hold of what is denied, and one of them always holds")
        .help("name what is left out, or take this denial out")
}

/// Whom a service lets in, on whatever condition.
struct Allowed {
    peers: BTreeSet<Peer>,
    /// The namespaces of those who are let in by name.
    namespaces: BTreeSet<NamespaceId>,
    /// Whether an address is let in: who has it may be anybody.
    by_address: bool,
}

impl Allowed {
    fn of(mesh: &Mesh, service: &Service) -> Self {
        let granted = service.grants.iter().flat_map(|grant| &grant.callers).map(|caller| caller.peer);
        let exposed = service.exposures.iter().map(|exposure| Peer::Gateway(exposure.gateway));
        let peers: BTreeSet<Peer> = granted.chain(exposed).collect();
        let namespaces = peers.iter().filter_map(|peer| match peer {
            Peer::Service(id) => Some(mesh.service(*id).namespace),
            Peer::Workload(id) => Some(mesh.workload(*id).namespace),
            Peer::Gateway(id) => Some(mesh.gateway(*id).namespace),
            Peer::Namespace(id) => Some(*id),
            Peer::Address(_) | Peer::AnyoneInMesh | Peer::Anyone | Peer::KubeApi => None,
        });
        let by_address = peers.iter().any(|peer| !peer.has_identity());
        Allowed { namespaces: namespaces.collect(), by_address, peers }
    }

    /// Whether a denial of `denied` takes something from somebody.
    fn concerns(&self, mesh: &Mesh, denied: Peer) -> bool {
        let has = |peer: Peer| self.peers.contains(&peer);
        let member = |home| has(denied) || has(Peer::Namespace(home)) || has(Peer::AnyoneInMesh);
        self.by_address
            || match denied {
                Peer::Service(id) => member(mesh.service(id).namespace),
                Peer::Workload(id) => member(mesh.workload(id).namespace),
                Peer::Namespace(id) => self.namespaces.contains(&id) || has(Peer::AnyoneInMesh),
                Peer::Gateway(_) => has(denied),
                Peer::AnyoneInMesh => self.peers.iter().any(|peer| !matches!(peer, Peer::Gateway(_))),
                Peer::Address(_) | Peer::Anyone | Peer::KubeApi => !self.peers.is_empty(),
            }
    }
}
