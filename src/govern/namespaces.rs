use super::{Ground, Writer, noted, of};
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::intent::Intent;
use crate::ir::{CarriedBy, Mesh};
use crate::source::Span;

pub(super) static NOT_OWNED: Code =
    code!("namespace-not-owned", Error, "a page that writes into the namespace of another team");

/// Every node that says in which namespace it is.
pub(super) fn check(ground: &Ground<'_>, intents: &[&Intent], found: &mut Diagnostics) {
    for intent in intents {
        let namespaces = intent.namespaces.iter().map(|node| &node.name);
        let members = intent.members.iter().map(|node| &node.namespace);
        let gateways = intent.gateways.iter().map(|node| &node.namespace);
        let externals = intent.externals.iter().filter_map(|node| node.namespace.as_ref());
        let platforms = intent.platforms.iter().flat_map(|node| &node.namespaces);
        for name in namespaces.chain(members).chain(gateways).chain(externals).chain(platforms) {
            judge(ground, name.value.text(), name.span, found);
        }
        for ignore in &intent.ignores {
            let namespace = ignore.object.value.text().split('/').nth(1).unwrap_or_default();
            judge(ground, namespace, ignore.object.span, found);
        }
    }
}

/// The objects that pages write out.
pub(super) fn check_objects(ground: &Ground<'_>, mesh: &Mesh, found: &mut Diagnostics) {
    for object in mesh.carried.iter().filter(|object| object.by == CarriedBy::Hand) {
        let namespace = object.namespace.map_or(mesh.root_namespace.value.text(), |id| mesh.namespace_name(id));
        judge(ground, namespace, object.name.span, found);
    }
}

pub(super) fn judge(ground: &Ground<'_>, namespace: &str, at: Span, found: &mut Diagnostics) {
    let writer = ground.writer(at);
    let owner = ground.policy.owner_of_namespace(namespace);
    let may_write = match &writer {
        Writer::Library => true,
        Writer::Team(team) => ground.policy.may_write_into(team, namespace),
        Writer::Nobody => false,
    };
    if may_write {
        return;
    }
    let title = format!("{} does not own namespace `{namespace}`", writer.told());
    let fault = noted(Diagnostic::new(&NOT_OWNED, title).at(at, of(owner)));
    found.push(match owner {
        Some(owner) => fault.help(format!("ask team `{}` to write it in a page of theirs", owner.name)),
        None => fault.help("ask the platform team to say in the policy whose it is"),
    });
}
