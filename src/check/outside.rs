//! Who reaches what is outside: shared by the rules of externals.

use super::access::{Member, callers};
use crate::ir::{Callee, External, ExternalId, Mesh, NamespaceId};
use std::collections::BTreeSet;

/// For each external the members that call it, in order.
pub(super) fn outside_callers(mesh: &Mesh) -> Vec<Vec<Member>> {
    let mut all = vec![Vec::new(); mesh.externals.len()];
    for (caller, calls) in callers(mesh) {
        for call in calls {
            let Callee::External(ExternalId(at)) = call.callee else { continue };
            if let Some(list) = all.get_mut(at as usize) {
                list.push(caller);
            }
        }
    }
    all
}

/// The namespaces whose proxies know an external: its own, and those of its callers.
pub(super) fn seen_in(mesh: &Mesh, external: &External, callers: &[Member]) -> BTreeSet<NamespaceId> {
    callers.iter().map(|caller| caller.namespace(mesh)).chain(external.namespace).collect()
}
