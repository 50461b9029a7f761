use super::codes::UNKNOWN_NAME;
use super::faults::Use;
use super::index::{Index, Member};
use super::layers::{Level, namespace_needed};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::intent;
use crate::ir::{Caller, Collective, NamespaceId, Peer};
use crate::source::{Span, Spanned};

/// Where a peer is named.
#[derive(Clone, Copy, Default)]
pub(super) struct Standpoint {
    /// The namespace that a short name means; none in profiles, groups and `mesh`.
    pub(super) home: Option<NamespaceId>,
    /// The namespace of the node that it is said for.
    pub(super) own: Option<NamespaceId>,
    /// Whether callers are clients of a gateway.
    pub(super) is_at_gateway: bool,
}

impl From<&Level<'_>> for Standpoint {
    fn from(level: &Level<'_>) -> Self {
        Standpoint { home: level.home, own: level.own, is_at_gateway: level.is_at_gateway }
    }
}

/// What a word for a caller names: one peer, or several under one name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Named {
    Peer(Peer),
    Collective(Collective),
}

impl Named {
    /// Each of them, as a caller that is named at `span`.
    pub(super) fn callers(self, index: &Index<'_>, span: Span) -> Vec<Caller> {
        let (peers, via) = match self {
            Named::Peer(peer) => (vec![peer], None),
            Named::Collective(via @ Collective::Group(id)) => (index.collectives.groups.peers(id), Some(via)),
            Named::Collective(via @ Collective::Monitoring) => {
                (index.collectives.monitoring.clone().unwrap_or_default(), Some(via))
            }
        };
        peers.into_iter().map(|peer| Caller { peer, via, span }).collect()
    }

    /// Whether a caller was named so, or belongs to a group of that name that a larger one holds.
    pub(super) fn holds(self, index: &Index<'_>, caller: &Caller) -> bool {
        let groups = &index.collectives.groups;
        match (self, caller.via) {
            (Named::Peer(peer), _) => peer == caller.peer,
            (Named::Collective(own), Some(via)) if own == via => true,
            (Named::Collective(Collective::Group(id)), Some(Collective::Group(via))) => {
                groups.within(via).contains(&id) && groups.peers(id).contains(&caller.peer)
            }
            (Named::Collective(_), _) => false,
        }
    }
}

/// What a word for a caller names, seen from where it stands; a fault where that is nothing.
pub(super) fn named(
    index: &Index<'_>,
    here: Standpoint,
    said: &Spanned<intent::Peer>,
    found: &mut Diagnostics,
) -> Option<Named> {
    let span = said.span;
    let used = |name| Use::end_of(name, said.value.to_string().len(), span);
    let peer = match &said.value {
        intent::Peer::Reference(reference) => match caller(index, here, (reference, span), found)? {
            Member::Service(id) => Peer::Service(id),
            Member::Workload(id) => Peer::Workload(id),
            Member::External(_) => {
                found.push(
                    Diagnostic::new(&UNKNOWN_NAME, format!("no service or workload is named `{reference}`"))
                        .at(span, "this is outside of the mesh: it is called, and does not call")
                        .help("who comes from outside comes through a gateway: `expose`"),
                );
                return None;
            }
        },
        intent::Peer::Namespace(name) => Peer::Namespace(index.namespace(&used(name.text()))?),
        intent::Peer::Gateway(name) if here.is_at_gateway => {
            let id = index.gateway(&used(name.text()), &mut Diagnostics::default());
            if id.is_none() {
                found.push(unknown_to_gateway(&said.value.to_string(), span));
            }
            Peer::Gateway(id?)
        }
        intent::Peer::Gateway(name) => Peer::Gateway(index.gateway(&used(name.text()), found)?),
        intent::Peer::Group(name) => {
            let id = index.group(&used(name.text()), found)?;
            return Some(Named::Collective(Collective::Group(id)));
        }
        intent::Peer::Monitoring => {
            if index.collectives.monitoring.is_none() {
                found.push(no_monitoring(span));
                return None;
            }
            return Some(Named::Collective(Collective::Monitoring));
        }
        intent::Peer::Address(range) => Peer::Address(*range),
        intent::Peer::SameNamespace => {
            if here.own.is_none() {
                found.push(namespace_needed("same-namespace", span));
            }
            Peer::Namespace(here.own?)
        }
        intent::Peer::AnyoneInMesh => Peer::AnyoneInMesh,
        intent::Peer::Anyone => Peer::Anyone,
        intent::Peer::KubeApi => Peer::KubeApi,
    };
    Some(Named::Peer(peer))
}

/// Whom a name means.
fn caller(
    index: &Index<'_>,
    here: Standpoint,
    (reference, span): (&intent::Reference, Span),
    found: &mut Diagnostics,
) -> Option<Member> {
    if !here.is_at_gateway {
        return index.caller(reference, here.home, span, found);
    }
    let mut own = Diagnostics::default();
    let member = index.caller(reference, here.home, span, &mut own);
    match own.any_error() && !index.is_group(reference) {
        true => found.push(unknown_to_gateway(&reference.to_string(), span)),
        false => found.append(own),
    }
    member
}

/// A name that nobody has, where no name of the mesh would do: to offer one that is near would lead to the next fault.
fn unknown_to_gateway(name: &str, span: Span) -> Diagnostic {
    Diagnostic::new(&UNKNOWN_NAME, format!("no client of a gateway is named `{name}`"))
        .at(span, "nothing here has this name")
        .note("clients come to a gateway from outside: its listeners ask for no certificate of the mesh, so a rule by identity never matches")
        .help("name clients by address, `\"cidr:203.0.113.0/24\"`; or let services in where the service is: `allow` there")
}

fn no_monitoring(span: Span) -> Diagnostic {
    Diagnostic::new(&UNKNOWN_NAME, "nothing is named `monitoring`")
        .at(span, "`mesh` does not say who monitors")
        .help("say it in `mesh`: `monitoring namespace:monitoring`")
}

/// The peers of `monitoring` in `mesh`, each once, in order.
pub(super) fn monitoring(index: &Index<'_>, said: &[Spanned<intent::Peer>], found: &mut Diagnostics) -> Vec<Peer> {
    let mut peers: Vec<Peer> = Vec::new();
    for said in said {
        if let Some(named) = named(index, Standpoint::default(), said, found) {
            peers.extend(named.callers(index, said.span).into_iter().map(|caller| caller.peer));
        }
    }
    peers.sort_unstable();
    peers.dedup();
    peers
}
