use super::bits::Bits;
use super::budget::{Spent, Steps};
use super::cells::Cells;
use super::diagram::{Diagram, Node, SAME};
use super::product::{Product, products};
use super::{Dimension, Outcome, Policy, Region, Request, RuleAt, Term, Verdict, Wire, region, short};
use smol_str::SmolStr;
use std::collections::{BTreeMap, BTreeSet};

/// The most steps of a comparison, unless another number is given.
pub const STEPS: usize = 1_000_000;

/// The most dimensions in which a comparison looks.
const MOST_DIMENSIONS: usize = 256;

/// The most differences that a comparison tells before it takes them together.
const MOST_PARTS: usize = 1_000;

/// What sets of policies say.
#[derive(Clone, Copy, Debug)]
pub struct Verdicts;

/// Requests of which two sets of policies say different things.
#[derive(Clone, Debug)]
pub struct Difference {
    /// Which: every request of the region.
    pub requests: Region,
    /// One of them.
    pub witness: Request,
    /// What was said of it.
    pub before: Verdict,
    /// What is said of it now.
    pub after: Verdict,
    /// Whether other rules decide of some of them, before as after, so that those are no difference.
    pub is_but_for_others: bool,
}

/// All in which two sets of policies differ.
#[derive(Clone, Debug, Default)]
pub struct Differences {
    /// Those that let more in first.
    pub all: Vec<Difference>,
    /// Whether there are more, which are not told.
    pub is_cut: bool,
}

/// A comparison would take more steps than it may.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TooMuch {
    /// How many it may take.
    pub steps: usize,
    /// Rules that only the first side has.
    pub only_before: Vec<RuleAt>,
    /// Rules that only the second side has.
    pub only_after: Vec<RuleAt>,
}

impl Difference {
    /// Whether it lets in what stayed out.
    pub fn is_wider(&self) -> bool {
        let rank = |verdict: &Verdict| (verdict.outcome == Outcome::Denied, verdict.asks.len());
        rank(&self.after) < rank(&self.before)
    }

    /// The conditions on which it hangs and of which nothing is known.
    pub fn unknown(&self) -> impl Iterator<Item = &SmolStr> {
        self.requests.0.iter().filter_map(|(dimension, _)| match dimension {
            Dimension::Unknown(key) => Some(key),
            Dimension::Principal
            | Dimension::PeerAddress
            | Dimension::RemoteAddress
            | Dimension::RequestPrincipal
            | Dimension::Host
            | Dimension::Port
            | Dimension::Method
            | Dimension::Path
            | Dimension::Header(_)
            | Dimension::Claim(_)
            | Dimension::DestinationAddress
            | Dimension::Sni => None,
        })
    }
}

impl Verdicts {
    /// The requests of which two sets of policies say different things; none: they mean the same. The policies of a side
    /// are all that hold for a workload, in the order of their names; a policy that only logs is no policy here.
    ///
    /// # Errors
    /// It would take more than `steps`; [`STEPS`] is usual.
    pub fn compare(before: &[Policy], after: &[Policy], wire: Wire, steps: usize) -> Result<Differences, TooMuch> {
        Verdicts::compared([before, after], wire, steps, false)
    }

    /// The same in few words: what one rule does is one difference where that is true, though some of its requests may
    /// have had the same answer before by another rule.
    ///
    /// # Errors
    /// It would take more than `steps`; [`STEPS`] is usual.
    pub fn compare_in_short(
        before: &[Policy],
        after: &[Policy],
        wire: Wire,
        steps: usize,
    ) -> Result<Differences, TooMuch> {
        Verdicts::compared([before, after], wire, steps, true)
    }

    fn compared(sides: [&[Policy]; 2], wire: Wire, steps: usize, is_short: bool) -> Result<Differences, TooMuch> {
        let [before, after] = sides;
        if before == after {
            return Ok(Differences::default());
        }
        let compared = differences(sides, wire, &mut Steps::new(steps), is_short);
        compared.map_err(|_: Spent| TooMuch {
            steps,
            only_before: only_of(before, after),
            only_after: only_of(after, before),
        })
    }
}

/// The rules of one side that the other does not have word for word in a policy of the same kind.
fn only_of(own: &[Policy], other: &[Policy]) -> Vec<RuleAt> {
    let rules = own.iter().enumerate().flat_map(|(policy, said)| {
        said.rules.iter().enumerate().map(move |(rule, text)| (RuleAt { policy, rule }, &said.action, text))
    });
    let has = |action: &super::Action, rule: &super::Rule| {
        other.iter().any(|policy| policy.action == *action && policy.rules.contains(rule))
    };
    rules.filter(|(_, action, rule)| !has(action, rule)).map(|(at, ..)| at).collect()
}

fn differences(
    [before, after]: [&[Policy]; 2],
    wire: Wire,
    steps: &mut Steps,
    is_short: bool,
) -> Result<Differences, Spent> {
    let sides = [products(before, wire), products(after, wire)];
    let [of_before, of_after] = &sides;
    let dimensions = dimensions(&sides, steps)?;
    let mut diagram = Diagram::new(&dimensions, [before, after], [of_before, of_after]);
    let root = diagram.build(steps)?;
    let mut parts = Parts { nodes: &diagram.nodes, found: Vec::new(), is_cut: false };
    parts.walk(root, &mut BTreeMap::new());
    let Parts { found, is_cut, .. } = parts;
    let joined = join(found, dimensions.len());
    let parts = if is_short && !is_cut {
        short::shortened(joined, &dimensions, [(before, of_before), (after, of_after)], steps)?
    } else {
        joined.into_iter().map(|part| (part, false)).collect()
    };
    let mut all: Vec<Difference> =
        parts.into_iter().map(|(part, is_but)| difference(&dimensions, part, is_but)).collect();
    all.sort_by_key(|difference| (!difference.is_wider(), difference.requests.0.len()));
    Ok(Differences { all, is_cut })
}

/// The dimensions of which anything is said, those with most cells first: behind them few rules are still in play.
fn dimensions(sides: &[Vec<Product>; 2], steps: &mut Steps) -> Result<Vec<Cells>, Spent> {
    let mut terms: BTreeMap<Dimension, BTreeSet<Term>> = BTreeMap::new();
    for clause in sides.iter().flatten().flat_map(|product| &product.clauses) {
        terms.entry(clause.dimension.clone()).or_default().extend(clause.terms.iter().cloned());
    }
    if terms.len() > MOST_DIMENSIONS {
        return Err(Spent);
    }
    let cells = terms.into_iter().map(|(dimension, terms)| Cells::new(dimension, terms.into_iter().collect(), steps));
    let mut cells = cells.collect::<Result<Vec<Cells>, Spent>>()?;
    cells.sort_by_key(|own| std::cmp::Reverse(own.list.len()));
    Ok(cells)
}

/// Requests that are told apart from others by sets of cells, by dimension, and what both sides say of them.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Part {
    pub(super) cells: BTreeMap<usize, Bits>,
    /// Those of them of which the sides say different things; none: all.
    pub(super) witness: Option<BTreeMap<usize, Bits>>,
    pub(super) verdicts: [Verdict; 2],
}

/// The ways through a diagram that end where the sides differ.
struct Parts<'d> {
    nodes: &'d [Node],
    found: Vec<Part>,
    is_cut: bool,
}

impl Parts<'_> {
    fn walk(&mut self, at: usize, way: &mut BTreeMap<usize, Bits>) {
        if self.found.len() >= MOST_PARTS {
            self.is_cut |= at != SAME;
            return;
        }
        match self.nodes.get(at) {
            Some(Node::Differ(verdicts)) => {
                self.found.push(Part { cells: way.clone(), witness: None, verdicts: verdicts.as_ref().clone() });
            }
            Some(Node::Split { dimension, branches }) => {
                for (cells, child) in branches {
                    way.insert(*dimension, cells.clone());
                    self.walk(*child, way);
                    way.remove(dimension);
                }
            }
            Some(Node::Same) | None => {}
        }
    }
}

/// Takes together parts that differ in one dimension alone, dimension by dimension, as long as there are some.
fn join(mut parts: Vec<Part>, dimensions: usize) -> Vec<Part> {
    loop {
        let before = parts.len();
        parts = (0..dimensions).fold(parts, joined);
        if parts.len() == before {
            return parts;
        }
    }
}

fn joined(parts: Vec<Part>, dimension: usize) -> Vec<Part> {
    let mut alike: BTreeMap<Part, Option<Bits>> = BTreeMap::new();
    for mut part in parts {
        let own = part.cells.remove(&dimension);
        match (alike.get_mut(&part), own) {
            (Some(Some(together)), Some(own)) => together.add(&own),
            (Some(together), None) => *together = None,
            (Some(None), Some(_)) => {}
            (None, own) => drop(alike.insert(part, own)),
        }
    }
    let part = |(mut part, own): (Part, Option<Bits>)| {
        part.cells.extend(own.map(|own| (dimension, own)));
        part
    };
    alike.into_iter().map(part).collect()
}

fn difference(dimensions: &[Cells], part: Part, is_but_for_others: bool) -> Difference {
    let Part { cells, witness, verdicts: [before, after] } = part;
    let own = |of: &BTreeMap<usize, Bits>| -> Vec<(&Cells, Bits)> {
        of.iter().filter_map(|(at, cells)| Some((dimensions.get(*at)?, cells.clone()))).collect()
    };
    let of_witness = own(witness.as_ref().unwrap_or(&cells)).into_iter();
    let witness = of_witness
        .fold(Request::default(), |request, (own, cells)| request.with(own.dimension.clone(), own.witness(&cells)));
    let mut values: Vec<_> = own(&cells)
        .into_iter()
        .filter(|(own, cells)| cells.len() < own.list.len())
        .map(|(own, cells)| (own.dimension.clone(), region::describe(own, &cells)))
        .collect();
    values.sort_by(|one, two| one.0.cmp(&two.0));
    Difference { requests: Region(values), witness, before, after, is_but_for_others }
}
