use super::automaton::{Found, signatures};
use super::bits::Bits;
use super::budget::{Spent, Steps};
use super::glob::{Class, Glob};
use super::range::{Point, Range};
use super::term::{MARK, Reading, Term};
use super::{Dimension, Field, Value};
use smol_str::{SmolStr, format_smolstr};
use std::collections::{BTreeMap, BTreeSet};

/// Values of one dimension that no term tells apart.
#[derive(Clone, Debug)]
pub(super) struct Cell {
    /// The terms that hold them.
    pub(super) signature: Bits,
    /// One of them.
    pub(super) witness: Value,
}

/// One dimension, in cells.
#[derive(Clone, Debug)]
pub(super) struct Cells {
    pub(super) dimension: Dimension,
    /// All that is said of it, by both sides.
    pub(super) terms: Vec<Term>,
    pub(super) list: Vec<Cell>,
}

/// The most sets of values that a claim, which may be a list, is told apart by.
const MOST_LISTS: usize = 4_096;

impl Cells {
    /// The cells of a dimension by what is said of it.
    pub(super) fn new(dimension: Dimension, terms: Vec<Term>, steps: &mut Steps) -> Result<Self, Spent> {
        let readings: Vec<Reading> = terms.iter().map(Term::reading).collect();
        let cells = match &dimension {
            Dimension::PeerAddress | Dimension::RemoteAddress | Dimension::DestinationAddress => {
                numbers(&readings, Point::of_address([0; 4].into()), steps)?
            }
            Dimension::Port => numbers(&readings, Point::of_port(1), steps)?,
            Dimension::Unknown(_) => either(terms.len()),
            Dimension::Claim(_) => lists(&texts(&dimension, &terms, &readings, steps)?, terms.len(), steps)?,
            Dimension::Principal
            | Dimension::RequestPrincipal
            | Dimension::Host
            | Dimension::Method
            | Dimension::Path
            | Dimension::Header(_)
            | Dimension::Sni => {
                let found = texts(&dimension, &terms, &readings, steps)?;
                let cells = found.into_iter().map(|found| cell(&dimension, found)).collect();
                with_absence(&dimension, cells, terms.len())
            }
        };
        Ok(Cells { dimension, terms, list: cells }.with_usual_witnesses())
    }

    /// The cells that a term holds.
    pub(super) fn of_term(&self, term: usize) -> Bits {
        self.chosen(|cell| cell.signature.holds(term))
    }

    /// The cells of which something is true.
    pub(super) fn chosen(&self, is_chosen: impl Fn(&Cell) -> bool) -> Bits {
        let mut chosen = Bits::none(self.list.len());
        self.list.iter().enumerate().filter(|(_, cell)| is_chosen(cell)).for_each(|(at, _)| chosen.insert(at));
        chosen
    }

    pub(super) fn witness(&self, cells: &Bits) -> Value {
        cells.iter().next().and_then(|at| self.list.get(at)).map_or(Value::Absent, |cell| cell.witness.clone())
    }

    /// Puts a value that people know in place of the shortest, where it is of the same cell.
    fn with_usual_witnesses(mut self) -> Self {
        let mut done = BTreeSet::new();
        for usual in usual(&self.dimension) {
            let signature = self.signature(&usual);
            let cell = self.list.iter_mut().find(|cell| cell.signature == signature);
            if let Some(cell) = cell.filter(|cell| cell.witness != Value::Absent && done.insert(cell.signature.clone()))
            {
                cell.witness = usual;
            }
        }
        let is_of = |cell: &Cell, value: &Value| self.signature(value) == cell.signature;
        let clearer =
            |cell: &Cell| clearer(&self.dimension, &cell.witness).into_iter().find(|value| is_of(cell, value));
        let clearer: Vec<Option<Value>> = self.list.iter().map(clearer).collect();
        for (cell, clearer) in self.list.iter_mut().zip(clearer) {
            cell.witness = clearer.unwrap_or_else(|| cell.witness.clone());
        }
        self
    }

    /// Which terms hold a value.
    fn signature(&self, value: &Value) -> Bits {
        let mut signature = Bits::none(self.terms.len());
        let holds = self.terms.iter().enumerate().filter(|(_, term)| term.holds(value));
        holds.for_each(|(at, _)| signature.insert(at));
        signature
    }
}

/// What could stand in place of a value whose parts that nobody asked about are a letter each, the clearest first.
fn clearer(dimension: &Dimension, value: &Value) -> Vec<Value> {
    let part = |own: &str, name: &str, is_named: bool| {
        if is_named && own.len() <= 1 { name.into() } else { SmolStr::new(own) }
    };
    let which = [(true, true), (false, true), (true, false), (false, false)];
    match value {
        Value::Text(text) if *dimension == Dimension::Principal => {
            let parts: Vec<&str> = text.split('/').collect();
            let [domain, "ns", namespace, "sa", account] = parts.as_slice() else { return Vec::new() };
            let domain = part(domain, "cluster.local", true);
            let named = which.map(|(first, second)| {
                let (namespace, account) = (part(namespace, "elsewhere", first), part(account, "somebody", second));
                Value::Text(format_smolstr!("{domain}/ns/{namespace}/sa/{account}"))
            });
            named.into()
        }
        Value::Token { issuer, subject } => {
            let named = which.map(|(first, second)| Value::Token {
                issuer: part(issuer, "https://issuer.example", first),
                subject: part(subject, "somebody", second),
            });
            named.into()
        }
        Value::Absent | Value::Text(_) | Value::Texts(_) | Value::Address(_) | Value::Port(_) | Value::Holds(_) => {
            Vec::new()
        }
    }
}

/// Values that people know.
fn usual(dimension: &Dimension) -> Vec<Value> {
    let texts = |texts: &[&str]| texts.iter().map(|text| Value::Text((*text).into())).collect();
    let addresses = |list: &[[u8; 4]]| list.iter().map(|address| Value::Address((*address).into())).collect();
    match dimension {
        Dimension::Method => texts(&["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"]),
        Dimension::Principal => texts(&["cluster.local/ns/elsewhere/sa/somebody"]),
        Dimension::Host => texts(&["elsewhere.example"]),
        Dimension::Path => texts(&["/", "/elsewhere"]),
        Dimension::PeerAddress => addresses(&[[10, 1, 2, 3], [192, 168, 1, 2], [203, 0, 113, 7]]),
        Dimension::RemoteAddress => addresses(&[[203, 0, 113, 7], [198, 51, 100, 7], [10, 1, 2, 3]]),
        Dimension::DestinationAddress => addresses(&[[10, 1, 2, 3]]),
        Dimension::Port => [8080, 80, 443, 9090].map(Value::Port).to_vec(),
        Dimension::RequestPrincipal
        | Dimension::Header(_)
        | Dimension::Claim(_)
        | Dimension::Sni
        | Dimension::Unknown(_) => Vec::new(),
    }
}

/// The sets of terms that texts of a dimension can match.
fn texts(dimension: &Dimension, terms: &[Term], readings: &[Reading], steps: &mut Steps) -> Result<Vec<Found>, Spent> {
    let globs: Vec<Vec<Glob>> = readings
        .iter()
        .map(|reading| match reading {
            Reading::Globs(globs) => globs.clone(),
            Reading::Range(_) | Reading::Unknown | Reading::Nothing => Vec::new(),
        })
        .collect();
    signatures(&globs, &universe(dimension, terms), *dimension != Dimension::Host, steps)
}

/// The texts that a request can have in a dimension.
fn universe(dimension: &Dimension, terms: &[Term]) -> Vec<Glob> {
    let any = Glob::default().many(Class::Any);
    match dimension {
        Dimension::Principal => principals(terms),
        Dimension::RequestPrincipal => {
            let part = Glob::default().many(Class::Not(MARK));
            vec![part.clone().text(&MARK.to_string()).then(part)]
        }
        Dimension::Path => vec![Glob::default().text("/").many(Class::Path)],
        Dimension::Method | Dimension::Sni => vec![Glob::default().some(Class::Any)],
        Dimension::Host
        | Dimension::Header(_)
        | Dimension::Claim(_)
        | Dimension::PeerAddress
        | Dimension::RemoteAddress
        | Dimension::DestinationAddress
        | Dimension::Port
        | Dimension::Unknown(_) => vec![any],
    }
}

/// The identities that Istio gives, and those that a rule spells out.
fn principals(terms: &[Term]) -> Vec<Glob> {
    let part = Class::Not('/');
    let given = Glob::default().some(part).text("/ns/").some(part).text("/sa/").some(part);
    let spelt = terms.iter().filter(|term| term.field == Field::Principals && !term.value.contains('*'));
    [given].into_iter().chain(spelt.map(|term| Glob::default().text(&term.value))).collect()
}

fn cell(dimension: &Dimension, found: Found) -> Cell {
    let witness = match (dimension, found.text.split_once(MARK)) {
        (Dimension::RequestPrincipal, Some((issuer, subject))) => {
            Value::Token { issuer: issuer.into(), subject: subject.into() }
        }
        _ => Value::Text(found.text.as_str().into()),
    };
    Cell { signature: found.signature, witness }
}

/// What is not there matches nothing: it is in the cell of what no term holds.
fn with_absence(dimension: &Dimension, mut cells: Vec<Cell>, terms: usize) -> Vec<Cell> {
    let may_lack =
        matches!(dimension, Dimension::Principal | Dimension::RequestPrincipal | Dimension::Header(_) | Dimension::Sni);
    if may_lack {
        cells.retain(|cell| !cell.signature.is_empty());
        cells.insert(0, Cell { signature: Bits::none(terms), witness: Value::Absent });
    }
    cells
}

fn either(terms: usize) -> Vec<Cell> {
    [(Bits::none(terms), false), (Bits::all(terms), true)]
        .map(|(signature, holds)| Cell { signature, witness: Value::Holds(holds) })
        .into()
}

/// A claim may be a list, of which any member matches: what its members match together.
fn lists(found: &[Found], terms: usize, steps: &mut Steps) -> Result<Vec<Cell>, Spent> {
    let mut lists: BTreeMap<Bits, Vec<smol_str::SmolStr>> = BTreeMap::from([(Bits::none(terms), Vec::new())]);
    for Found { signature, text } in found.iter().filter(|found| !found.signature.is_empty()) {
        for (own, members) in lists.clone() {
            steps.take(1)?;
            let mut both = own;
            both.add(signature);
            lists.entry(both).or_insert_with(|| members.into_iter().chain([text.into()]).collect());
        }
        if lists.len() > MOST_LISTS {
            return Err(Spent);
        }
    }
    let witness = |members: Vec<_>| if members.is_empty() { Value::Absent } else { Value::Texts(members) };
    let mut cells: Vec<Cell> =
        lists.into_iter().map(|(signature, members)| Cell { signature, witness: witness(members) }).collect();
    cells.sort_by_key(|cell| cell.signature.len());
    Ok(cells)
}

/// The stretches between the ends of ranges; stretches that the same terms hold are one cell.
fn numbers(readings: &[Reading], first: Point, steps: &mut Steps) -> Result<Vec<Cell>, Spent> {
    let ranges: Vec<Option<Range>> = readings
        .iter()
        .map(|reading| match reading {
            Reading::Range(range) => Some(*range),
            Reading::Globs(_) | Reading::Unknown | Reading::Nothing => None,
        })
        .collect();
    let is_port = first == Point::of_port(1);
    let mut begins = BTreeSet::from([first]);
    begins.extend((!is_port).then(|| Point::of_address([0_u16; 8].into())));
    begins.extend(ranges.iter().flatten().flat_map(|range| [Some(range.first), range.last.next()]).flatten());
    let mut cells: BTreeMap<Bits, Point> = BTreeMap::new();
    for begin in begins.into_iter().filter(|begin| *begin >= first && begin.is_real(is_port)) {
        steps.take(1 + ranges.len() / 8)?;
        let mut signature = Bits::none(ranges.len());
        let holds = ranges.iter().enumerate().filter(|(_, range)| range.is_some_and(|range| range.holds(begin)));
        holds.for_each(|(at, _)| signature.insert(at));
        cells.entry(signature).or_insert(begin);
    }
    let witness = |point: Point| if is_port { Value::Port(point.port()) } else { Value::Address(point.address()) };
    Ok(cells.into_iter().map(|(signature, point)| Cell { signature, witness: witness(point) }).collect())
}
