use crate::check::Subject;
use crate::check::said::{Selecting, same_pods};
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ir::{Labels, Mesh, NamespaceId, Port};
use crate::source::Decided;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

pub(super) static CODE: Code = code!("pods-selected-twice", Error, "two pages for the same pods");

/// Selectors of more labels than this are looked up as they are, without every part of them.
const PARTS_OF: usize = 8;

/// Labels, sorted.
type Sorted<'m> = Vec<(&'m str, &'m str)>;

/// A node that has pods.
struct Page<'m> {
    node: Selecting<'m>,
    namespace: NamespaceId,
    /// The ports of the pods.
    ports: &'m [Port],
}

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    let mut by_labels: BTreeMap<(NamespaceId, Sorted<'_>), Page<'_>> = BTreeMap::new();
    for page in pages(subject.mesh) {
        match by_labels.entry((page.namespace, sorted(page.node.selector))) {
            // Of two on one port `same-pods` tells.
            Entry::Occupied(first) if share_a_port(first.get().ports, page.ports) => {}
            Entry::Occupied(first) => found.push(fault(page.node, first.get().node)),
            Entry::Vacant(free) => _ = free.insert(page),
        }
    }
    for ((namespace, labels), page) in &by_labels {
        let wider = parts(labels).into_iter().find_map(|part| by_labels.get(&(*namespace, part)));
        if let Some(wider) = wider {
            found.push(fault(page.node, wider.node));
        }
    }
}

/// What has pods with a proxy of their own: for others neither of the two objects is written.
fn pages(mesh: &Mesh) -> impl Iterator<Item = Page<'_>> {
    let services = mesh.services.iter().filter(|one| one.data_plane.is_per_pod()).map(|one| Page {
        node: one.into(),
        namespace: one.namespace,
        ports: &one.ports,
    });
    let workloads = mesh.workloads.iter().filter(|one| one.data_plane.is_per_pod()).map(|one| Page {
        node: one.into(),
        namespace: one.namespace,
        ports: &[],
    });
    services.chain(workloads)
}

fn share_a_port(one: &[Port], other: &[Port]) -> bool {
    one.iter().any(|port| other.iter().any(|other| other.target.value == port.target.value))
}

fn sorted(selector: &Decided<Labels>) -> Sorted<'_> {
    let mut labels: Vec<_> = selector.value.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
    labels.sort_unstable();
    labels
}

/// Every selector that selects these pods and more: each part of the labels but the whole and nothing.
fn parts<'l>(labels: &[(&'l str, &'l str)]) -> Vec<Sorted<'l>> {
    if labels.len() > PARTS_OF {
        return Vec::new();
    }
    let whole = (1_u32 << labels.len()) - 1;
    let part =
        |chosen: u32| labels.iter().zip(0..).filter(move |(_, at)| chosen >> at & 1 == 1).map(|(label, _)| *label);
    (1..whole).map(|chosen| part(chosen).collect()).collect()
}

fn fault(page: Selecting<'_>, other: Selecting<'_>) -> Diagnostic {
    let tell = |at: &str, other: &str| {
        Diagnostic::new(&CODE, format!("`{at}` and `{other}` select the same pods"))
            .note("Istio reads one Sidecar and one PeerAuthentication for a pod, the oldest: what the other page says of calls and mTLS would be lost")
            .help("make it one service with the ports of both, or select by a label that the other's pods do not have")
    };
    same_pods(page, other, tell)
}
