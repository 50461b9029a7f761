use super::Subject;
use crate::ir::{Mesh, Patch};
use crate::source::Span;
use crate::verbatim::{Made, Node, Value};
use std::collections::BTreeSet;

/// A host of which an object says how its callers behave.
pub(super) struct Ruled<'m> {
    /// The gateway at which it holds, as `NAMESPACE/NAME`; empty: it holds in the mesh.
    pub(super) place: String,
    /// The object.
    pub(super) made: &'m Made,
    /// The host as Istio reads it: a name without a dot is one of the object's own namespace.
    pub(super) host: String,
    /// Where.
    pub(super) span: Option<Span>,
}

/// Of all objects that say how callers behave, those that are made and those that are carried into the mesh.
pub(super) fn rules<'m>(subject: &Subject<'m>) -> (Vec<Ruled<'m>>, Vec<Ruled<'m>>) {
    let (own, strange) = apart(subject);
    let hosts = |made: Vec<&'m Made>| made.into_iter().flat_map(|made| hosts(subject.mesh, made)).collect();
    (hosts(own), hosts(strange))
}

/// Of all objects, those that are made and those that are carried into the mesh.
pub(super) fn apart<'m>(subject: &Subject<'m>) -> (Vec<&'m Made>, Vec<&'m Made>) {
    let carried: BTreeSet<Span> = subject.mesh.carried.iter().filter_map(|object| object.origin.span).collect();
    subject.made.iter().partition(|made| made.owner.span.is_none_or(|span| !carried.contains(&span)))
}

/// The objects of the kind of a patch that its node makes, each with its place among all: every one, and those of the name
/// that the patch says.
pub(super) fn of_patch<'m>(subject: &Subject<'m>, patch: &Patch) -> [Vec<(usize, &'m Made)>; 2] {
    let own = subject.made.iter().enumerate().filter(|(_, made)| made.owner == patch.owner);
    let all: Vec<(usize, &Made)> = own.filter(|(_, made)| made.kind.1 == patch.kind.name).collect();
    let is_named = |made: &Made| patch.name.as_ref().is_none_or(|name| name.value == made.name);
    let named = all.iter().filter(|(_, made)| is_named(made)).copied().collect();
    [all, named]
}

/// The labels under a path, sorted.
pub(super) fn labels<'n>(body: &'n Node, path: &str) -> Vec<(&'n str, &'n str)> {
    let entries = body.path(path).map_or(&[][..], Node::entries);
    let mut labels: Vec<_> =
        entries.iter().filter_map(|entry| Some((entry.key.as_str(), entry.node.text()?.as_str()))).collect();
    labels.sort_unstable();
    labels
}

/// What people carry into the mesh of this kind.
pub(super) fn of_kind<'m>(mesh: &'m Mesh, kind: &'static str) -> impl Iterator<Item = &'m Node> {
    mesh.carried.iter().filter(move |carried| carried.kind.name == kind).map(|carried| &carried.body)
}

/// The texts of a list.
pub(super) fn texts<'n>(body: &'n Node, path: &str) -> impl Iterator<Item = (&'n str, Option<Span>)> {
    let items = match body.path(path).map(|node| &node.value) {
        Some(Value::List(items)) => items.as_slice(),
        _ => &[],
    };
    items.iter().filter_map(|item| Some((item.text()?.as_str(), item.span())))
}

fn hosts<'m>(mesh: &Mesh, made: &'m Made) -> Vec<Ruled<'m>> {
    let body = &made.body;
    let said: Vec<(&str, Option<Span>)> = match made.kind.1.as_str() {
        "DestinationRule" => {
            let host = body.path("spec.host");
            host.and_then(|host| Some((host.text()?.as_str(), host.span()))).into_iter().collect()
        }
        "VirtualService" | "ServiceEntry" => texts(body, "spec.hosts").collect(),
        _ => Vec::new(),
    };
    let home = made.namespace.as_deref().unwrap_or_default();
    let full = |host: &str| match host.contains(['.', '*']) {
        true => host.to_owned(),
        false => format!("{host}.{home}.svc.{}", mesh.cluster_domain.value),
    };
    let places = places(made, home);
    let at = |(written, span)| {
        let host = full(written);
        places.iter().map(move |place| Ruled { place: place.clone(), made, host: host.clone(), span })
    };
    said.into_iter().flat_map(at).collect()
}

/// Where the hosts of an object hold.
fn places(made: &Made, home: &str) -> Vec<String> {
    if made.kind.1 != "VirtualService" || made.body.path("spec.gateways").is_none() {
        return vec![String::new()];
    }
    let place = |gateway: &str| match gateway.split_once('/') {
        _ if gateway == "mesh" => String::new(),
        Some((".", name)) => format!("{home}/{name}"),
        Some(_) => gateway.to_owned(),
        None => format!("{home}/{gateway}"),
    };
    texts(&made.body, "spec.gateways").map(|(gateway, _)| place(gateway)).collect()
}
