use super::{Ground, Writer};
use crate::code;
use crate::diagnostic::{Code, Count, Diagnostic, Diagnostics};
use crate::intent::Intent;
use crate::source::Span;
use smol_str::SmolStr;
use std::collections::{BTreeMap, BTreeSet};

pub(super) static TOO_MANY: Code = code!("too-many-services", Error, "more services than the policy lets a team have");

/// What a team has.
struct Counted<'n> {
    most: u32,
    /// Namespaces and names.
    names: BTreeSet<(&'n SmolStr, &'n SmolStr)>,
    last: Span,
}

/// Counts the services and workloads of each team, each once however many pages speak of it.
pub(super) fn check(ground: &Ground<'_>, intents: &[&Intent], found: &mut Diagnostics) {
    let mut of_team: BTreeMap<&SmolStr, Counted<'_>> = BTreeMap::new();
    for node in intents.iter().flat_map(|intent| intent.members.iter()) {
        let Writer::Team(team) = ground.writer(node.name.span) else { continue };
        let Some(most) = team.services else { continue };
        let first = || Counted { most, names: BTreeSet::new(), last: node.name.span };
        let counted = of_team.entry(&team.name).or_insert_with(first);
        counted.names.insert((node.namespace.value.text(), node.name.value.text()));
        counted.last = node.name.span;
    }
    for (team, Counted { most, names, last }) in of_team {
        if names.len() <= most as usize {
            continue;
        }
        let count = Count(names.len(), "service");
        found.push(
            Diagnostic::new(&TOO_MANY, format!("team `{team}` has {count}, and may have {most}"))
                .at(last, "the last of them")
                .note("workloads count too")
                .help("take out what is not used any more, or ask the platform team for a higher `services`"),
        );
    }
}
