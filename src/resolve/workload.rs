use super::index::{Declared, Index};
use super::layers::Chain;
use super::mesh::Conventions;
use super::service::{Laid, declared_at};
use super::words;
use crate::diagnostic::Diagnostics;
use crate::ir::Workload;

/// Closes one workload, over what its namespace says.
pub(super) fn resolve<'i>(
    index: &Index<'i>,
    declared: &'i Declared,
    (below, defaults): (&Chain<'i>, &words::Laid),
    conventions: &Conventions,
    found: &mut Diagnostics,
) -> Workload {
    let bodies = declared.pieces.iter().map(|piece| &piece.body).collect();
    let chain = below.with_own(index, declared.namespace, bodies, found);
    let mut words = defaults.clone();
    words.lay_from(below.levels.len(), index, &chain, found);
    let words = words.in_order();
    let (telemetry, proxy) = words.own_proxies(defaults, index, found);
    let mut own = Laid::default();
    own.lay(index, &chain, found);
    Workload {
        name: declared.name.clone(),
        namespace: declared.namespace,
        origin: declared_at(declared),
        account: own.account(&declared.name),
        selector: own.selector(&declared.name, conventions),
        data_plane: words.data_plane,
        calls: words.calls,
        egress: words.egress,
        network_policy: words.network_policy,
        network_waiver: words.network_waiver,
        telemetry,
        proxy,
    }
}
