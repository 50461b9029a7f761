use super::access::nothing_to_remove;
use super::codes::{ADDED_AND_REMOVED, UNKNOWN_NAME};
use super::index::{Index, Member};
use super::layers::Level;
use super::words::waiver;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::intent;
use crate::ir::{Call, Callee, NamespaceId};
use crate::source::{Origin, Span};

/// Lays the `calls` of a layer over the weaker ones; a callee that is named again is the same call.
pub(super) fn lay(index: &Index<'_>, level: &Level<'_>, into: &mut Vec<Call>, found: &mut Diagnostics) {
    let removals = level.bodies.iter().flat_map(|body| &body.words.removals).filter(|removal| removal.word == "calls");
    let mut removed = Vec::new();
    for removal in removals {
        let Ok(said) = intent::Callee::parse(&removal.key.value) else {
            found.push(nothing_to_remove(removal));
            continue;
        };
        let Some(callee) = callee(index, &said, level.home, removal.key.span, found) else { continue };
        let before = into.len();
        into.retain(|call| call.callee != callee);
        if into.len() == before {
            found.push(nothing_to_remove(removal));
        }
        removed.push((callee, removal.key.span));
    }
    for node in level.bodies.iter().flat_map(|body| &body.words.calls) {
        for said in &node.callees {
            let Some(callee) = callee(index, &said.value, level.home, said.span, found) else { continue };
            if let Some((_, at)) = removed.iter().find(|(other, _)| *other == callee) {
                found.push(
                    Diagnostic::new(&ADDED_AND_REMOVED, format!("`{}` is added and removed in one layer", said.value))
                        .at(said.span, "added here")
                        .related(*at, "removed here")
                        .help("keep one of the two"),
                );
            }
            into.push(Call {
                callee,
                origin: Origin::new(level.layer, said.span),
                waiver: waiver(node.waiver.as_deref()),
            });
        }
    }
}

fn callee(
    index: &Index<'_>,
    said: &intent::Callee,
    home: Option<NamespaceId>,
    span: Span,
    found: &mut Diagnostics,
) -> Option<Callee> {
    match said {
        intent::Callee::KubeApi => Some(Callee::KubeApi),
        intent::Callee::Anything => Some(Callee::Anything),
        intent::Callee::Reference(reference) => match index.member(reference, home, span, found)? {
            Member::Service(id) => Some(Callee::Service(id)),
            Member::Workload(_) => {
                found.push(
                    Diagnostic::new(&UNKNOWN_NAME, format!("no service is named `{reference}`"))
                        .at(span, "this is a workload, which nobody can call")
                        .help("declare it as a `service` with its ports"),
                );
                None
            }
        },
    }
}
