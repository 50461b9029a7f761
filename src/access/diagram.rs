//! A decision diagram over the dimensions: where two sets of rules answer differently. Cells after which the same rules are
//! still in play are taken together, so the work grows with what rules tell apart and not with the product of all cells.

use super::bits::Bits;
use super::budget::{Spent, Steps};
use super::cells::Cells;
use super::decide::{Verdict, verdict};
use super::product::Product;
use super::{Action, Policy};
use std::collections::BTreeMap;

/// Two sets of rules over the same cells.
pub(super) struct Diagram<'p> {
    dimensions: &'p [Cells],
    sides: [&'p [Policy]; 2],
    boxes: Vec<Boxed>,
    /// By dimension and cell: the boxes that are still in play behind it.
    survivors: Vec<Vec<Bits>>,
    /// By dimension: the boxes of which no dimension from there on says anything.
    settled: Vec<Bits>,
    /// By side: the boxes that refuse, that allow.
    refusing: [Bits; 2],
    allowing: [Bits; 2],
    memo: BTreeMap<(usize, Bits), usize>,
    ids: BTreeMap<Node, usize>,
    pub(super) nodes: Vec<Node>,
}

/// A product whose clauses are sets of cells.
struct Boxed {
    side: usize,
    at: super::RuleAt,
    needs: Vec<Option<Bits>>,
}

/// A place in the diagram; equal ones are one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Node {
    /// Both answer the same, whatever follows.
    Same,
    /// They answer this.
    Differ(Box<[Verdict; 2]>),
    /// It hangs on a dimension: sets of its cells, and where each leads.
    Split { dimension: usize, branches: Vec<(Bits, usize)> },
}

/// Where both answer the same.
pub(super) const SAME: usize = 0;

impl<'p> Diagram<'p> {
    pub(super) fn new(dimensions: &'p [Cells], sides: [&'p [Policy]; 2], products: [&[Product]; 2]) -> Self {
        let boxes: Vec<Boxed> = products
            .iter()
            .enumerate()
            .flat_map(|(side, products)| products.iter().filter_map(move |product| boxed(dimensions, side, product)))
            .collect();
        let with = |is_wanted: &dyn Fn(&Boxed) -> bool| {
            let mut wanted = Bits::none(boxes.len());
            boxes.iter().enumerate().filter(|(_, own)| is_wanted(own)).for_each(|(at, _)| wanted.insert(at));
            wanted
        };
        let does = |side: usize, action: Action| {
            let policies = sides.get(side).copied().unwrap_or_default();
            with(&|own| own.side == side && policies.get(own.at.policy).is_some_and(|policy| policy.action == action))
        };
        let survivors = (0..dimensions.len()).map(|dimension| {
            let cells = dimensions.get(dimension).map_or(0, |own| own.list.len());
            let lives = |own: &Boxed, cell| own.need(dimension).is_none_or(|need| need.holds(cell));
            (0..cells).map(|cell| with(&|own| lives(own, cell))).collect()
        });
        let is_settled = |own: &Boxed, from| (from..dimensions.len()).all(|at| own.need(at).is_none());
        let settled = (0..=dimensions.len()).map(|from| with(&|own| is_settled(own, from)));
        Diagram {
            survivors: survivors.collect(),
            settled: settled.collect(),
            refusing: [does(0, Action::Deny), does(1, Action::Deny)],
            allowing: [does(0, Action::Allow), does(1, Action::Allow)],
            dimensions,
            sides,
            boxes,
            memo: BTreeMap::new(),
            ids: BTreeMap::from([(Node::Same, SAME)]),
            nodes: vec![Node::Same],
        }
    }

    /// The root.
    pub(super) fn build(&mut self, steps: &mut Steps) -> Result<usize, Spent> {
        let all = Bits::all(self.boxes.len());
        self.node(0, all, steps)
    }

    fn node(&mut self, dimension: usize, mut alive: Bits, steps: &mut Steps) -> Result<usize, Spent> {
        self.drop_what_cannot_count(dimension, &mut alive);
        let hangs_on =
            |at: &usize| alive.iter().any(|own| self.boxes.get(own).is_some_and(|own| own.need(*at).is_some()));
        let Some(dimension) = (dimension..self.dimensions.len()).find(hangs_on) else {
            return Ok(self.leaf(&alive));
        };
        let key = (dimension, alive);
        if let Some(known) = self.memo.get(&key) {
            return Ok(*known);
        }
        let mut groups: BTreeMap<Bits, Bits> = BTreeMap::new();
        let survivors = self.survivors.get(dimension).map_or(&[][..], Vec::as_slice);
        for (cell, survivors) in survivors.iter().enumerate() {
            steps.take(1 + self.boxes.len() / 64)?;
            let mut left = key.1.clone();
            left.keep(survivors);
            groups.entry(left).or_insert_with(|| Bits::none(survivors_len(self.dimensions, dimension))).insert(cell);
        }
        let mut branches: BTreeMap<usize, Bits> = BTreeMap::new();
        for (left, cells) in groups {
            let child = self.node(dimension + 1, left, steps)?;
            branches.entry(child).and_modify(|own| own.add(&cells)).or_insert(cells);
        }
        let node = match branches.len() {
            1 => branches.keys().next().copied().unwrap_or(SAME),
            _ => self.id(Node::Split {
                dimension,
                branches: branches.into_iter().map(|(child, cells)| (cells, child)).collect(),
            }),
        };
        self.memo.insert(key, node);
        Ok(node)
    }

    /// Once a rule refuses for certain, no other of its side counts; once one allows for certain, no other that allows.
    fn drop_what_cannot_count(&self, dimension: usize, alive: &mut Bits) {
        let Some(settled) = self.settled.get(dimension) else { return };
        for side in 0..2 {
            let certain = |of: &[Bits; 2]| {
                let of = of.get(side)?;
                let first = alive.iter().find(|own| of.holds(*own) && settled.holds(*own))?;
                Some((first, of.clone()))
            };
            if let Some((first, _)) = certain(&self.refusing) {
                self.keep_of_side(side, first, alive);
            } else if let Some((first, allowing)) = certain(&self.allowing) {
                alive.drop(&allowing);
                alive.insert(first);
            }
        }
    }

    fn keep_of_side(&self, side: usize, kept: usize, alive: &mut Bits) {
        let mut dropped = Bits::none(self.boxes.len());
        let others = self.boxes.iter().enumerate().filter(|(at, own)| own.side == side && *at != kept);
        others.for_each(|(at, _)| dropped.insert(at));
        alive.drop(&dropped);
    }

    fn leaf(&mut self, alive: &Bits) -> usize {
        let of = |side: usize| {
            let own = alive.iter().filter_map(|at| self.boxes.get(at)).filter(|own| own.side == side);
            let matched: Vec<_> = own.map(|own| own.at).collect();
            verdict(self.sides.get(side).copied().unwrap_or_default(), &matched)
        };
        let both = [of(0), of(1)];
        let [before, after] = &both;
        if before.is_same(after) { SAME } else { self.id(Node::Differ(Box::new(both))) }
    }

    fn id(&mut self, node: Node) -> usize {
        if let Some(known) = self.ids.get(&node) {
            return *known;
        }
        let id = self.nodes.len();
        self.nodes.push(node.clone());
        self.ids.insert(node, id);
        id
    }
}

fn survivors_len(dimensions: &[Cells], dimension: usize) -> usize {
    dimensions.get(dimension).map_or(0, |own| own.list.len())
}

impl Boxed {
    fn need(&self, dimension: usize) -> Option<&Bits> {
        self.needs.get(dimension).and_then(Option::as_ref)
    }
}

/// The product in cells; none where it holds no request.
fn boxed(dimensions: &[Cells], side: usize, product: &Product) -> Option<Boxed> {
    let need = |own: &Cells| -> Option<Bits> {
        let mut clauses = product.clauses.iter().filter(|clause| clause.dimension == own.dimension).peekable();
        clauses.peek()?;
        let mut need = Bits::all(own.list.len());
        for clause in clauses {
            let mut terms = Bits::none(own.terms.len());
            let places = clause.terms.iter().filter_map(|term| own.terms.binary_search(term).ok());
            places.for_each(|at| terms.insert(at));
            need.keep(&own.chosen(|cell| cell.signature.meets(&terms) != clause.is_negated));
        }
        Some(need)
    };
    let needs: Vec<Option<Bits>> = dimensions.iter().map(need).collect();
    let is_void = needs.iter().flatten().any(Bits::is_empty);
    (!is_void).then_some(Boxed { side, at: product.at, needs })
}
