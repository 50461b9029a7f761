use super::index::{Declared, Index};
use super::layers::Level;
use super::removals::Removals;
use super::service::declared_at;
use super::words::waiver;
use crate::diagnostic::Diagnostics;
use crate::intent::{self, Body, Scope};
use crate::ir::Patch;
use crate::source::{Layer, Origin};
use smol_str::SmolStr;

/// What every node says of the objects that it makes, weaker layers first.
pub(super) fn resolve(
    mesh: &intent::Mesh,
    (index, services): (&Index<'_>, &[Declared]),
    scope: &Scope,
    found: &mut Diagnostics,
) -> Vec<Patch> {
    let mut patches = Vec::new();
    let mut gather = |owner: Origin, layers: [Layer; 2], bodies: Vec<&Body>, found: &mut Diagnostics| {
        if bodies.iter().any(|body| speaks(body)) {
            patches.extend(of_node((owner, layers), bodies, scope, found));
        }
    };
    let owner = Origin::new(Layer::Mesh, mesh.name.span);
    gather(owner, [Layer::Mesh, Layer::MeshOverlay], vec![&mesh.body], found);
    let own = [Layer::Own, Layer::OwnOverlay];
    for namespace in &index.namespaces {
        let Some(first) = namespace.pieces.first() else { continue };
        let owner = Origin::new(Layer::Namespace, first.name.span);
        let bodies = namespace.pieces.iter().map(|piece| &piece.body).collect();
        gather(owner, [Layer::Namespace, Layer::NamespaceOverlay], bodies, found);
    }
    for service in services {
        gather(declared_at(service), own, service.pieces.iter().map(|piece| &piece.body).collect(), found);
    }
    for gateway in &index.gateways {
        gather(Origin::new(Layer::Own, gateway.name.span), own, vec![&gateway.body], found);
    }
    for external in &index.externals {
        let Some(first) = external.pieces.first() else { continue };
        let bodies = external.pieces.iter().map(|piece| &piece.body).collect();
        gather(Origin::new(Layer::Own, first.name.span), own, bodies, found);
    }
    patches
}

/// Whether a block or one of its overlays has something to do with patches.
fn speaks(body: &Body) -> bool {
    is_said(body) || body.overlays.iter().any(|overlay| is_said(&overlay.body))
}

/// Whether a block itself has.
pub(super) fn is_said(body: &Body) -> bool {
    body.own.patches.is_some() || body.words.removals.iter().any(|removal| removal.word == "patch")
}

fn of_node(
    (owner, layers): (Origin, [Layer; 2]),
    bodies: Vec<&Body>,
    scope: &Scope,
    found: &mut Diagnostics,
) -> Vec<Patch> {
    let mut patches = Vec::new();
    for level in Level::of_node(scope, layers, bodies) {
        lay(&level, owner, &mut patches, found);
    }
    patches
}

/// Adds what one layer says, after what it takes away.
fn lay(level: &Level<'_>, owner: Origin, into: &mut Vec<Patch>, found: &mut Diagnostics) {
    let mut removals = Removals::of(level, "patch", |removal| Some(removal.key.value.clone()));
    removals.take(|kind| {
        let before = into.len();
        into.retain(|patch| *patch.kind.name != **kind);
        into.len() < before
    });
    for said in level.bodies.iter().filter_map(|body| body.own.patches.as_deref()).flatten() {
        let intent::Patch { kind, name, body, waiver: why, span, whole } = said;
        removals.check_added(&SmolStr::new_static(kind.value.name), &kind.value.name, kind.span, found);
        let mut body = body.clone();
        body.said_by(level.layer);
        into.push(Patch {
            owner,
            kind: kind.value,
            name: name.clone(),
            body,
            waiver: waiver(why.as_deref()),
            origin: Origin::new(level.layer, *span),
            whole: *whole,
        });
    }
    removals.finish(found);
}
