//! Who reaches what is outside: shared by the rules of externals.

use crate::ir::{Caller, External, Mesh, NamespaceId, Outgoing, Peer};
use crate::ir::{ExternalId, Grant};
use std::collections::BTreeSet;

/// The namespaces whose proxies know an external: its own, and those of its callers; none: all.
pub(super) fn seen_in(mesh: &Mesh, outgoing: &Outgoing, id: ExternalId) -> Option<BTreeSet<NamespaceId>> {
    let seen = outgoing.seen(id)?;
    Some(seen.iter().copied().chain(mesh.external(id).namespace).collect())
}

/// Whether an external, which is for those whom it names, names one of these.
pub(super) fn is_for(external: &External, peers: &[Peer]) -> bool {
    external.grants.is_empty() || named(external).any(|named| peers.contains(&named.peer))
}

/// Those whom an external names.
pub(super) fn named(external: &External) -> impl Iterator<Item = &Caller> + Clone {
    external.grants.iter().flat_map(|grant: &Grant| &grant.callers)
}
