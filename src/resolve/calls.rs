use super::access::not_a_key;
use super::codes::UNKNOWN_NAME;
use super::index::{Index, Member};
use super::layers::Level;
use super::removals::Removals;
use super::repeats::Added;
use super::words::waiver;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::intent::{self, Removal};
use crate::ir::{Call, Callee, NamespaceId};
use crate::source::{Origin, Span};
use std::collections::BTreeMap;

/// Lays the `calls` of a layer over the weaker ones; a callee that is named again is the same call.
pub(super) fn lay(index: &Index<'_>, level: &Level<'_>, into: &mut Vec<Call>, found: &mut Diagnostics) {
    let mut removals = Removals::of(level, "calls", |Removal { word, key }| match intent::Callee::parse(&key.value) {
        Ok(said) => callee(index, &said, level.home, key.span, found),
        Err(mismatch) => {
            found.push(not_a_key(word, key, mismatch));
            None
        }
    });
    removals.take(|callee| {
        let before = into.len();
        into.retain(|call| call.callee != *callee);
        into.len() < before
    });
    let mut nodes = level.bodies.iter().flat_map(|body| &body.words.calls).peekable();
    if nodes.peek().is_some() {
        let mut known: BTreeMap<Callee, usize> = into.iter().enumerate().map(|(at, call)| (call.callee, at)).collect();
        let mut added = Added::new("called");
        for node in nodes {
            let mut before = None;
            for said in &node.callees {
                let Some(callee) = callee(index, &said.value, level.home, said.span, found) else { continue };
                added.add(callee, said, before, found);
                before = Some(said.span);
                removals.check_added(&callee, &said.value, said.span, found);
                let call = Call {
                    callee,
                    origin: Origin::new(level.layer, said.span),
                    waiver: waiver(node.waiver.as_deref()),
                };
                match known.get(&callee).and_then(|at| into.get_mut(*at)) {
                    Some(weaker) => *weaker = call,
                    None => {
                        known.insert(callee, into.len());
                        into.push(call);
                    }
                }
            }
        }
    }
    removals.finish(found);
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
            Member::External(id) => Some(Callee::External(id)),
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
