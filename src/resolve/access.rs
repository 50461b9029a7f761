use super::codes::{ADDED_AND_REMOVED, NOTHING_TO_REMOVE};
use super::index::{Index, Member};
use super::layers::{Level, namespace_needed};
use super::words::waiver;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::intent::{self, Removal};
use crate::ir::{Caller, Conditions, Grant, Peer};
use crate::source::{Origin, Span};

/// Which collection is laid.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Grant,
    Denial,
}

/// Lays the `allow` or `deny` of a layer over the weaker ones.
pub(super) fn lay(index: &Index<'_>, level: &Level<'_>, side: Side, into: &mut Vec<Grant>, found: &mut Diagnostics) {
    let word = if side == Side::Grant { "allow" } else { "deny" };
    let removals = level.bodies.iter().flat_map(|body| &body.words.removals).filter(|removal| removal.word == word);
    let mut removed = Vec::new();
    for removal in removals {
        removed.extend(remove(index, level, removal, into, found).map(|peer| (peer, removal.key.span)));
    }
    for body in &level.bodies {
        let said = if side == Side::Grant { &body.words.allow } else { &body.words.deny };
        for node in said {
            into.extend(grant(index, level, node, &removed, found));
        }
    }
}

fn remove(
    index: &Index<'_>,
    level: &Level<'_>,
    removal: &Removal,
    from: &mut Vec<Grant>,
    found: &mut Diagnostics,
) -> Option<Peer> {
    let span = removal.key.span;
    let said = match intent::Peer::parse(&removal.key.value) {
        Ok(said) => said,
        Err(mismatch) => {
            found.push(
                Diagnostic::new(
                    &intent::BAD_REFERENCE,
                    format!("expected {}, found `{}`", mismatch.expected, removal.key.value),
                )
                .at(span, mismatch.because),
            );
            return None;
        }
    };
    let peer = peer(index, level, &said, span, found)?;
    let before: usize = from.iter().map(|grant| grant.callers.len()).sum();
    for grant in from.iter_mut() {
        grant.callers.retain(|caller| caller.peer != peer);
    }
    from.retain(|grant| !grant.callers.is_empty());
    if from.iter().map(|grant| grant.callers.len()).sum::<usize>() == before {
        found.push(nothing_to_remove(removal));
        return None;
    }
    Some(peer)
}

/// A removal that finds nothing.
pub(super) fn nothing_to_remove(removal: &Removal) -> Diagnostic {
    let key = &removal.key.value;
    Diagnostic::new(&NOTHING_TO_REMOVE, format!("no weaker layer says `{} {key}`", removal.word))
        .at(removal.key.span, "nothing is taken away here")
        .note("`-word` takes away what the mesh, the namespace, a profile or the node below an overlay says under that very key")
        .help("take this line out, or name the key as the weaker layer does")
}

fn grant(
    index: &Index<'_>,
    level: &Level<'_>,
    node: &intent::Grant,
    removed: &[(Peer, Span)],
    found: &mut Diagnostics,
) -> Option<Grant> {
    let mut callers = Vec::with_capacity(node.peers.len());
    for said in &node.peers {
        let Some(peer) = peer(index, level, &said.value, said.span, found) else { continue };
        if let Some((_, at)) = removed.iter().find(|(other, _)| *other == peer) {
            found.push(
                Diagnostic::new(&ADDED_AND_REMOVED, format!("`{}` is added and removed in one layer", said.value))
                    .at(said.span, "added here")
                    .related(*at, "removed here")
                    .help("keep one of the two"),
            );
        }
        callers.push(Caller { peer, span: said.span });
    }
    if callers.is_empty() {
        return None;
    }
    let conditions = Conditions {
        methods: node.methods.clone().map(|list| list.map(|list| list.into_iter().map(|said| said.value).collect())),
        paths: list(&node.paths),
        ports: list(&node.ports),
        hosts: list(&node.hosts),
    };
    let origin = Origin::new(level.layer, node.span);
    Some(Grant { callers, conditions, origin, waiver: waiver(node.waiver.as_deref()) })
}

fn list<T: Clone>(said: &intent::Said<Vec<T>>) -> Vec<T> {
    said.as_ref().map(|list| list.value.clone()).unwrap_or_default()
}

/// What a peer names in a layer.
fn peer(
    index: &Index<'_>,
    level: &Level<'_>,
    said: &intent::Peer,
    span: Span,
    found: &mut Diagnostics,
) -> Option<Peer> {
    match said {
        intent::Peer::Reference(reference) => match index.member(reference, level.home, span, found)? {
            Member::Service(id) => Some(Peer::Service(id)),
            Member::Workload(id) => Some(Peer::Workload(id)),
        },
        intent::Peer::Namespace(name) => index.namespace(name.text(), span, found).map(Peer::Namespace),
        intent::Peer::Gateway(name) => index.gateway(name.text(), span, found).map(Peer::Gateway),
        intent::Peer::Address(range) => Some(Peer::Address(*range)),
        intent::Peer::SameNamespace => {
            if level.own.is_none() {
                found.push(namespace_needed("same-namespace", span));
            }
            level.own.map(Peer::Namespace)
        }
        intent::Peer::AnyoneInMesh => Some(Peer::AnyoneInMesh),
        intent::Peer::Anyone => Some(Peer::Anyone),
        intent::Peer::KubeApi => Some(Peer::KubeApi),
    }
}
