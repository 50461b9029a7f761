use super::{Ground, Writer, noted};
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::intent::Intent;
use crate::ir::Mesh;
use crate::policy::Right;
use crate::source::Span;

pub(super) static NOT_PERMITTED: Code = code!("not-permitted", Error, "a word that the policy does not let a team use");

/// The nodes that no namespace holds, and the doors.
pub(super) fn check(ground: &Ground<'_>, intents: &[&Intent], found: &mut Diagnostics) {
    for intent in intents {
        for (word, at) in of_the_mesh(intent) {
            judge(ground, Right::Mesh, (word, at), found);
        }
        for accept in &intent.accepts {
            judge(ground, Right::Accept, ("accept", accept.class.span), found);
        }
        for raw in &intent.raws {
            judge(ground, Right::Raw, ("raw", raw.span), found);
        }
    }
}

/// What is said in the words of a kind.
pub(super) fn check_patches(ground: &Ground<'_>, mesh: &Mesh, found: &mut Diagnostics) {
    for at in mesh.patches.iter().filter_map(|patch| patch.origin.span) {
        judge(ground, Right::Patch, ("patch", at), found);
    }
}

/// What holds for the whole mesh, or can be used by all of it under its name.
fn of_the_mesh(intent: &Intent) -> Vec<(&'static str, Span)> {
    let Intent {
        meshes,
        environments,
        profiles,
        groups,
        platforms,
        issuers,
        externals,
        templates,
        guards,
        // They live in namespaces, which have owners.
        namespaces: _,
        members: _,
        gateways: _,
        ignores: _,
        // They have rights of their own.
        raws: _,
        accepts: _,
        named_environments: _,
    } = intent;
    let platforms = platforms.iter().filter(|node| node.namespaces.is_empty());
    let externals = externals.iter().filter(|node| node.namespace.is_none());
    let mut all: Vec<(&'static str, Span)> = platforms.map(|node| ("platform", node.body.span)).collect();
    all.extend(externals.map(|node| ("external", node.name.span)));
    all.extend(meshes.iter().map(|node| ("mesh", node.name.span)));
    all.extend(environments.iter().map(|node| ("environment", node.name.span)));
    all.extend(profiles.iter().map(|node| ("profile", node.name.span)));
    all.extend(groups.iter().map(|node| ("group", node.name.span)));
    all.extend(issuers.iter().map(|node| ("issuer", node.name.span)));
    all.extend(guards.iter().map(|node| ("guard", node.name.span)));
    all.extend(templates.iter().map(|node| ("template", node.name.span)));
    all
}

fn judge(ground: &Ground<'_>, right: Right, (word, at): (&str, Span), found: &mut Diagnostics) {
    let writer = ground.writer(at);
    let is_permitted = match &writer {
        Writer::Library => true,
        Writer::Team(team) => team.may(right),
        Writer::Nobody => false,
    };
    if is_permitted {
        return;
    }
    let what = match right {
        Right::Mesh => "it holds for the whole mesh",
        Right::Patch | Right::Raw => "it says in Istio's own words what nothing else checks",
        Right::Accept => "it lets a risk pass for others too",
    };
    let title = format!("{} may not write `{word}`", writer.told());
    found.push(
        noted(Diagnostic::new(&NOT_PERMITTED, title).at(at, what))
            .help(format!("ask the platform team to write it, or for `may {}` in the policy", right.word())),
    );
}
