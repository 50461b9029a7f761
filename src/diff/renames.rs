use super::{Change, Comparison, Operation};
use crate::verbatim::{Node, Value};
use std::collections::BTreeSet;
use std::fmt::Write;

/// An object that goes, and one that comes and says the same under another name.
#[derive(Clone, Copy, Debug)]
pub struct Rename<'c, 's> {
    /// The one that goes.
    pub from: &'c Change<'s>,
    /// The one that comes.
    pub to: &'c Change<'s>,
}

/// Beyond so many pairs nothing is called a rename.
const MOST_COMPARED: usize = 10_000;

impl<'s> Comparison<'s> {
    /// The objects that only change their names: of one kind, and made by one node of intent or half alike at least.
    pub fn renames(&self) -> Vec<Rename<'_, 's>> {
        let of = |wanted| self.changes.iter().filter(move |change| change.operation() == wanted);
        let mut new: Vec<(&Change<'s>, BTreeSet<String>)> =
            of(Operation::Add).map(|change| (change, leaves(change.after.map(|object| &*object.body)))).collect();
        let mut renames = Vec::new();
        let is_few = self.changes.len() * new.len() <= MOST_COMPARED;
        for from in of(Operation::Delete).filter(|_| is_few) {
            let old = leaves(from.before.map(|object| &*object.body));
            let alike = |(to, leaves): &(&Change<'s>, BTreeSet<String>)| {
                let is_of_kind = to.id.kind == from.id.kind && to.id.group == from.id.group;
                if is_of_kind { likeness(&old, leaves, is_of_one_node(from, to)) } else { 0 }
            };
            let best = new.iter().map(alike).enumerate().max_by_key(|(at, alike)| (*alike, usize::MAX - at));
            if let Some((at, _)) = best.filter(|(_, alike)| *alike >= 50) {
                renames.push(Rename { from, to: new.remove(at).0 });
            }
        }
        renames
    }
}

fn is_of_one_node(from: &Change<'_>, to: &Change<'_>) -> bool {
    let node = |object: Option<&super::Object>| object.and_then(|object| object.owner.node.clone());
    node(from.before).is_some_and(|own| node(to.after) == Some(own))
}

/// How much of all that two objects say both say, in percent.
fn likeness(one: &BTreeSet<String>, other: &BTreeSet<String>, is_of_one_node: bool) -> usize {
    if is_of_one_node {
        return 100;
    }
    let shared = one.intersection(other).count();
    (shared * 100).checked_div(one.len() + other.len() - shared).unwrap_or_default()
}

/// Every value of an object with its path; what names it aside.
fn leaves(body: Option<&Node>) -> BTreeSet<String> {
    let mut leaves = BTreeSet::new();
    let fields = body.map(Node::entries).unwrap_or_default();
    for entry in fields.iter().filter(|entry| entry.key != "metadata" && entry.key != "kind") {
        collect(&entry.node, &mut entry.key.to_string(), &mut leaves);
    }
    leaves
}

fn collect(node: &Node, at: &mut String, leaves: &mut BTreeSet<String>) {
    let length = at.len();
    match &node.value {
        Value::Map(entries) => {
            for entry in entries {
                _ = write!(at, ".{}", entry.key);
                collect(&entry.node, at, leaves);
                at.truncate(length);
            }
        }
        Value::List(items) => {
            at.push_str("[]");
            for item in items {
                collect(item, at, leaves);
            }
            at.truncate(length);
        }
        Value::Null | Value::Boolean(_) | Value::Integer(_) | Value::Decimal(_) | Value::Text(_) => {
            leaves.insert(format!("{at}={:?}", node.value));
        }
    }
}
