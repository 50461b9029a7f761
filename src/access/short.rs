//! Differences in few words. What two sets of rules answer differently falls into many parts where other rules have a say
//! in some of them; where one rule does it all, the requests that it is about are told as one.

use super::bits::Bits;
use super::budget::{Spent, Steps};
use super::cells::Cells;
use super::compare::Part;
use super::decide::{Because, Verdict};
use super::diagram::{Diagram, Node};
use super::product::Product;
use super::{Action, Outcome, Policy};
use std::collections::{BTreeMap, BTreeSet};

/// Policies, and their rules.
type Side<'p> = (&'p [Policy], &'p [Product]);

/// Which requests a side lets in.
struct Allowed {
    nodes: Vec<Node>,
    root: usize,
}

impl Allowed {
    fn of(dimensions: &[Cells], (policies, products): Side<'_>, steps: &mut Steps) -> Result<Self, Spent> {
        let nobody = [Policy { action: Action::Allow, namespace: "".into(), rules: Vec::new() }];
        let mut diagram = Diagram::new(dimensions, [&nobody, policies], [&[], products]);
        let root = diagram.build(steps)?;
        Ok(Allowed { nodes: diagram.nodes, root })
    }

    /// The same if nothing were denied.
    fn without_denials(dimensions: &[Cells], (policies, products): Side<'_>, steps: &mut Steps) -> Result<Self, Spent> {
        let is_denial = |policy: &Policy| policy.action == Action::Deny;
        let silent = |policy: &Policy| match is_denial(policy) {
            true => Policy { action: Action::Allow, namespace: policy.namespace.clone(), rules: Vec::new() },
            false => policy.clone(),
        };
        let granting: Vec<Policy> = policies.iter().map(silent).collect();
        let is_kept = |product: &&Product| policies.get(product.at.policy).is_some_and(|policy| !is_denial(policy));
        let products: Vec<Product> = products.iter().filter(is_kept).cloned().collect();
        Allowed::of(dimensions, (&granting, &products), steps)
    }

    /// Whether it lets in all requests of a set, or none of them.
    fn is_all(&self, of: &BTreeMap<usize, Bits>, wanted: bool) -> bool {
        let (mut next, mut seen) = (vec![self.root], BTreeSet::new());
        while let Some(at) = next.pop() {
            match self.nodes.get(at) {
                Some(Node::Same) if wanted => return false,
                Some(Node::Differ(_)) if !wanted => return false,
                Some(Node::Split { dimension, branches }) => {
                    let is_met = |cells: &Bits| of.get(dimension).is_none_or(|own| own.meets(cells));
                    let met = branches.iter().filter(|(cells, _)| is_met(cells)).map(|(_, child)| *child);
                    next.extend(met.filter(|child| seen.insert(*child)));
                }
                Some(Node::Same | Node::Differ(_)) | None => {}
            }
        }
        true
    }
}

/// What decides of a part: the rule that does now, else the one that did; and whether it lets in more.
type Key = (bool, Option<(bool, super::RuleAt)>, [bool; 2]);

fn key([before, after]: &[Verdict; 2]) -> Option<Key> {
    if !before.asks.is_empty() || !after.asks.is_empty() {
        return None;
    }
    let rule = |verdict: &Verdict| match verdict.because {
        Because::Rule(at) => Some(at),
        Because::NothingAllows | Because::NoRule => None,
    };
    let by = rule(after).map(|at| (true, at)).or_else(|| rule(before).map(|at| (false, at)));
    let is_unsaid = |verdict: &Verdict| verdict.because == Because::NothingAllows;
    Some((after.outcome == Outcome::Allowed, by, [is_unsaid(before), is_unsaid(after)]))
}

/// The parts, those of one rule as one where that is true, each with whether other rules decide of some of it.
pub(super) fn shortened(
    parts: Vec<Part>,
    dimensions: &[Cells],
    [of_before, of_after]: [Side<'_>; 2],
    steps: &mut Steps,
) -> Result<Vec<(Part, bool)>, Spent> {
    let mut groups: BTreeMap<Option<Key>, Vec<Part>> = BTreeMap::new();
    for part in parts {
        groups.entry(key(&part.verdicts)).or_default().push(part);
    }
    if groups.iter().all(|(key, group)| key.is_none() || group.len() < 2) {
        return Ok(groups.into_values().flatten().map(|part| (part, false)).collect());
    }
    let before = Allowed::of(dimensions, of_before, steps)?;
    let after = Allowed::of(dimensions, of_after, steps)?;
    // What a grant does is the same whatever denials take away from it, before and after.
    let granting = [of_before, of_after].map(|side| Allowed::without_denials(dimensions, side, steps));
    let [was_granting, is_granting] = granting;
    let (was_granting, is_granting) = (was_granting?, is_granting?);
    let mut all = Vec::new();
    for (key, group) in groups {
        let around = around(&group);
        let is_wider = key.is_some_and(|(is_wider, ..)| is_wider);
        let is_of_grant = !is_wider && matches!(key, Some((_, Some((false, _)), _)));
        let is_but = match group.len() {
            _ if key.is_none() => None,
            0 | 1 => None,
            _ if after.is_all(&around, is_wider) => Some(false),
            // But for denials, all of them are let in.
            _ if is_wider && is_granting.is_all(&around, true) => Some(true),
            // A rule that let all of them in does not any more, and others may.
            _ if is_of_grant && (before.is_all(&around, true) || was_granting.is_all(&around, true)) => Some(true),
            _ => None,
        };
        match (is_but, group.first()) {
            (Some(is_but), Some(first)) => {
                let part = Part { cells: around, witness: Some(first.cells.clone()), verdicts: first.verdicts.clone() };
                all.push((part, is_but));
            }
            _ => all.extend(group.into_iter().map(|part| (part, false))),
        }
    }
    Ok(all)
}

/// The smallest set that says one thing of each dimension and holds all parts.
fn around(parts: &[Part]) -> BTreeMap<usize, Bits> {
    let mut all: Option<BTreeMap<usize, Bits>> = None;
    for part in parts {
        let together = all.get_or_insert_with(|| part.cells.clone());
        together.retain(|dimension, _| part.cells.contains_key(dimension));
        for (dimension, cells) in together {
            if let Some(own) = part.cells.get(dimension) {
                cells.add(own);
            }
        }
    }
    all.unwrap_or_default()
}
