use super::faults::{Use, unknown};
use super::index::{Index, Member};
use super::repeats::Added;
use crate::diagnostic::Diagnostics;
use crate::intent::{self, AcceptedOf};
use crate::ir::{Accept, Accepted, Ignore, Thing, Waiver};
use crate::source::Spanned;
use crate::value::{Pointer, RISK_CLASSES, RiskClass};
use std::collections::BTreeSet;

/// The fields that other controllers write.
pub(super) fn ignores(index: &Index<'_>, found: &mut Diagnostics) -> Vec<Ignore> {
    let mut added = Added::new("ignored");
    for node in &index.ignores {
        // What stands twice in one node is told where it is read.
        let mut own: BTreeSet<&Pointer> = BTreeSet::new();
        for pointer in node.pointers.iter().filter(|pointer| own.insert(&pointer.value)) {
            added.add((&node.object.value, &pointer.value), pointer, None, found);
        }
    }
    index.ignores.iter().copied().map(ignore).collect()
}

fn ignore(node: &intent::Ignore) -> Ignore {
    let intent::Ignore { object, pointers, owner, waiver, span: _, only_in: _ } = node;
    Ignore { object: object.clone(), pointers: pointers.clone(), owner: owner.value.clone(), waiver: because(waiver) }
}

fn because(waiver: &intent::Waiver) -> Waiver {
    let intent::Waiver { reason, until } = waiver;
    Waiver { reason: reason.clone(), until: until.clone() }
}

/// The risks that are accepted.
pub(super) fn accepts(index: &Index<'_>, found: &mut Diagnostics) -> Vec<Accept> {
    let accepts: Vec<Accept> = index.accepts.iter().filter_map(|node| accept(index, node, found)).collect();
    let mut added = Added::new("accepted");
    for node in &accepts {
        let of = node.of.as_ref().map(|of| match of {
            Accepted::Thing(thing) => (Some(*thing), None),
            Accepted::Object(object) => (None, Some(&object.value)),
        });
        added.add((node.class.value, of), &node.class.clone().map(RiskClass::name), None, found);
    }
    accepts
}

fn accept(index: &Index<'_>, node: &intent::Accept, found: &mut Diagnostics) -> Option<Accept> {
    let intent::Accept { class, of, waiver, only_in: _ } = node;
    let known = RiskClass::named(&class.value);
    if known.is_none() {
        let names = RISK_CLASSES.iter().map(|(name, _)| *name);
        found.push(unknown("class of changes", &Use::whole(&class.value, class.span), names));
    }
    let of = match of {
        None => None,
        Some(AcceptedOf::Object(object)) => Some(Accepted::Object(object.clone())),
        Some(AcceptedOf::Reference(reference)) => {
            let member = index.member(&reference.value, None, reference.span, found)?;
            Some(Accepted::Thing(match member {
                Member::Service(id) => Thing::Service(id),
                Member::Workload(id) => Thing::Workload(id),
                Member::External(id) => Thing::External(id),
            }))
        }
    };
    Some(Accept { class: Spanned::new(known?, class.span), of, waiver: because(waiver) })
}
