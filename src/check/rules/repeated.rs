use crate::check::Subject;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::intent::REPEATED;
use crate::ir::{Call, Conditions, Grant, Mesh, NamespaceId, Peer};
use crate::source::{Layer, Origin, Span};
use std::collections::BTreeMap;

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    let mesh = subject.mesh;
    for service in &mesh.services {
        grants(mesh, service.namespace, ("allowed", &service.grants), found);
        grants(mesh, service.namespace, ("denied", &service.denials), found);
        calls(mesh, service.namespace, &service.calls, found);
    }
    for workload in &mesh.workloads {
        calls(mesh, workload.namespace, &workload.calls, found);
    }
}

/// Whether the blocks of a layer are one: profiles and overlays of a layer are several, each with its own reason.
const fn is_one(layer: Layer) -> bool {
    match layer {
        Layer::Mesh | Layer::Namespace | Layer::Own => true,
        Layer::BuiltIn
        | Layer::MeshProfile
        | Layer::MeshOverlay
        | Layer::NamespaceProfile
        | Layer::NamespaceOverlay
        | Layer::OwnProfile
        | Layer::OwnOverlay => false,
    }
}

fn grants(mesh: &Mesh, home: NamespaceId, (verb, grants): (&str, &[Grant]), found: &mut Diagnostics) {
    let mut first: BTreeMap<(Layer, Peer), (Span, Origin)> = BTreeMap::new();
    let bare = grants.iter().filter(|grant| is_one(grant.origin.layer) && is_bare(&grant.conditions));
    for (grant, at, caller) in
        bare.flat_map(|grant| grant.callers.iter().enumerate().map(move |(at, caller)| (grant, at, caller)))
    {
        let Some((span, origin)) = first.get(&(grant.origin.layer, caller.peer)) else {
            first.insert((grant.origin.layer, caller.peer), (caller.span, grant.origin));
            continue;
        };
        let fault = Diagnostic::new(&REPEATED, format!("`{}` is {verb} twice", caller.peer.name(mesh, home)))
            .at(caller.span, "said again here")
            .related(*span, "said first here");
        let before = at.checked_sub(1).and_then(|before| grant.callers.get(before));
        found.push(match before.filter(|_| *origin == grant.origin) {
            Some(before) => fault.fix("say it once", Span { start: before.span.end, ..caller.span }, ""),
            None => fault.help("say it once"),
        });
    }
}

fn is_bare(conditions: &Conditions) -> bool {
    !conditions.is_about_requests() && conditions.ports.is_empty()
}

fn calls(mesh: &Mesh, home: NamespaceId, calls: &[Call], found: &mut Diagnostics) {
    let mut first = BTreeMap::new();
    for call in calls.iter().filter(|call| is_one(call.origin.layer)) {
        let Some(span) = call.origin.span else { continue };
        let key = (call.origin.layer, call.callee);
        let Some(earlier) = first.get(&key) else {
            first.insert(key, span);
            continue;
        };
        found.push(
            Diagnostic::new(&REPEATED, format!("`{}` is called twice", call.callee.name(mesh, home)))
                .at(span, "said again here")
                .related(*earlier, "said first here")
                .help("say it once"),
        );
    }
}
