//! Which gateways run on the same pods, and what is exposed where: shared by the rules of gateways.

use crate::ir::{Door, Exposure, GatewayId, Labels, Mesh, Service};
use std::collections::{BTreeMap, BTreeSet};

/// Selectors of more labels than this are compared whole and label by label: the parts of a list double with each.
const MOST_LABELS: usize = 8;

/// Every gateway with the selectors, its own among them, that hold on all of its pods; who selects more pods comes
/// first. Istio looks for the pods of a Gateway in every namespace, so namespaces count for nothing.
pub(super) fn sharing(mesh: &Mesh) -> Vec<(GatewayId, Vec<&Labels>)> {
    let known: BTreeSet<&Labels> = mesh.gateways.iter().map(|gateway| &gateway.selector.value).collect();
    let holding =
        |selector: &Labels| -> Vec<_> { parts(selector).iter().filter_map(|part| known.get(part).copied()).collect() };
    let mut all: Vec<_> = mesh.gateways().map(|(id, gateway)| (id, holding(&gateway.selector.value))).collect();
    all.sort_by_key(|(id, _)| (mesh.gateway(*id).selector.value.len(), *id));
    all
}

/// The selectors that `selector` narrows, itself included.
fn parts(selector: &Labels) -> Vec<Labels> {
    if selector.len() > MOST_LABELS {
        return selector.iter().map(|label| vec![label.clone()]).chain([selector.clone()]).collect();
    }
    let mut parts: Vec<Labels> = vec![Vec::new()];
    for label in selector {
        let longer: Vec<Labels> = parts.iter().map(|part| part.iter().chain([label]).cloned().collect()).collect();
        parts.extend(longer);
    }
    parts
}

/// Every exposure with its service, by gateway and door.
pub(super) fn exposed(mesh: &Mesh) -> BTreeMap<(GatewayId, &Door), Vec<(&Service, &Exposure)>> {
    let mut exposed: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for service in &mesh.services {
        for exposure in &service.exposures {
            exposed.entry((exposure.gateway, &exposure.door.value)).or_default().push((service, exposure));
        }
    }
    exposed
}
