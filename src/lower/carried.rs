//! Objects that are carried through as they are written, with labels of ownership as all others have.

use super::Lowering;
use super::frame::{Owner, Place};
use crate::ir::{Carried, CarriedBy};
use crate::manifest::{self, Object, Spec, Wave};
use crate::verbatim::{Entry, Node};
use smol_str::SmolStr;

/// What was written of the kinds that are applied in this wave.
pub(super) fn lower(lowering: &Lowering<'_>, wave: Wave, take: &mut dyn FnMut(Object)) {
    for carried in lowering.mesh.carried.iter().filter(|carried| wave_of(carried) == wave) {
        take(object(lowering, carried, wave));
    }
}

fn object(lowering: &Lowering<'_>, carried: &Carried, wave: Wave) -> Object {
    let Carried { kind, namespace, name, body, by, origin } = carried;
    let mesh = lowering.mesh;
    let home = namespace.map_or(mesh.root_namespace.value.text(), |id| mesh.namespace_name(id));
    let by_hand = Owner { kind: "raw", name: &name.value, namespace: Some(home), origin: *origin };
    let owner = match by {
        CarriedBy::Hand => by_hand,
        CarriedBy::Template(thing) => Owner { origin: *origin, ..lowering.owner_of(*thing) },
    };
    let place = Place { namespace: Some(home.clone()), name: name.value.clone(), wave };
    let is_said = |entry: &&Entry| !matches!(entry.key.as_str(), "apiVersion" | "kind" | "metadata");
    let body_of: Vec<Entry> = body.entries().iter().filter(is_said).cloned().collect();
    let spec = manifest::Carried { kind: (kind.api, kind.name), body: body_of };
    let mut object = lowering.frame.object(&owner, place, Spec::Carried(Box::new(spec)));
    object.metadata.labels.extend(pairs(body, "metadata.labels"));
    object.metadata.annotations.extend(pairs(body, "metadata.annotations"));
    object
}

fn pairs<'n>(body: &'n Node, path: &str) -> impl Iterator<Item = (SmolStr, SmolStr)> + 'n {
    let entries = body.path(path).map_or(&[][..], Node::entries);
    entries.iter().filter_map(|entry| Some((entry.key.clone(), entry.node.text()?.clone())))
}

/// When an object is applied: with those of its kind that are made.
fn wave_of(carried: &Carried) -> Wave {
    let action = carried.body.path("spec.action").and_then(Node::text).map(SmolStr::as_str);
    match carried.kind.name {
        "ServiceEntry" | "RequestAuthentication" | "WorkloadEntry" | "WorkloadGroup" | "ServiceAccount" => {
            Wave::Registry
        }
        "AuthorizationPolicy" if matches!(action, Some("DENY" | "CUSTOM")) => Wave::Exceptions,
        "Sidecar" => Wave::Exceptions,
        "PeerAuthentication" => Wave::Identity,
        "VirtualService" => Wave::Routes,
        "EnvoyFilter" | "WasmPlugin" | "TrafficExtension" => Wave::Defaults,
        _ => Wave::Ground,
    }
}
