use super::bits::Bits;
use super::cells::Cells;
use super::{Dimension, Request, Term, Value};
use std::fmt;

/// A set of requests: what holds in every dimension that is named, all others being free.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Region(pub Vec<(Dimension, Values)>);

/// A set of values of one dimension: any of these.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Values(pub Vec<Part>);

/// Values of one dimension.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// Nothing is there: no identity, no token, no such header.
    Absent,
    /// What a term holds, or everything, and none of these does.
    Within {
        /// The term; none: everything.
        term: Option<Term>,
        /// What is left out.
        except: Vec<Term>,
    },
    /// Values that no few terms tell: this is one of them.
    Like(Value),
}

/// Says a set of cells in the terms of the rules.
pub(super) fn describe(own: &Cells, set: &Bits) -> Values {
    let mut rest = set.clone();
    let mut parts: Vec<Part> = cover(own, set, &mut rest)
        .into_iter()
        .map(|term| Part::Within { term: Some(term), except: Vec::new() })
        .collect();
    if !rest.is_empty() {
        let mut others = Bits::all(own.list.len());
        others.drop(set);
        let mut left = others.clone();
        let except = cover(own, &others, &mut left);
        if left.is_empty() {
            return Values(vec![everything_but(own, except)]);
        }
    }
    while let Some(cell) = first(&rest) {
        parts.push(narrowest(own, set, cell, &mut rest));
    }
    Values(parts)
}

fn first(cells: &Bits) -> Option<usize> {
    cells.iter().next()
}

/// Everything but what some terms hold; where they hold whatever is there, that is what is not.
fn everything_but(own: &Cells, except: Vec<Term>) -> Part {
    let may_be_nothing = matches!(own.dimension, Dimension::Principal | Dimension::Header(_) | Dimension::Sni);
    match may_be_nothing && except.iter().any(|term| term.value == "*") {
        true => Part::Absent,
        false => Part::Within { term: None, except },
    }
}

/// Terms that lie within a set, the widest first, each of which takes something from what is left.
fn cover(own: &Cells, set: &Bits, left: &mut Bits) -> Vec<Term> {
    let mut within: Vec<(usize, Bits)> = (0..own.terms.len())
        .map(|term| (term, own.of_term(term)))
        .filter(|(_, cells)| !cells.is_empty() && cells.is_within(set))
        .collect();
    within.sort_by_key(|(_, cells)| std::cmp::Reverse(cells.len()));
    let mut chosen = Vec::new();
    for (term, cells) in within {
        if cells.meets(left) {
            left.drop(&cells);
            chosen.extend(own.terms.get(term).cloned());
        }
    }
    chosen
}

/// What holds a cell and as little else as can be, without what is not in the set.
fn narrowest(own: &Cells, set: &Bits, cell: usize, rest: &mut Bits) -> Part {
    let signature = own.list.get(cell).map(|cell| &cell.signature);
    let mut around: Vec<(Option<usize>, Bits)> = signature
        .into_iter()
        .flat_map(Bits::iter)
        .map(|term| (Some(term), own.of_term(term)))
        .chain([(None, Bits::all(own.list.len()))])
        .collect();
    around.sort_by_key(|(_, cells)| cells.len());
    for (term, cells) in around {
        let mut outside = cells.clone();
        outside.drop(set);
        let mut left = outside.clone();
        let except = cover(own, &beyond(own, &cells, &outside), &mut left);
        if left.is_empty() {
            rest.drop(&cells);
            return Part::Within { term: term.and_then(|term| own.terms.get(term).cloned()), except };
        }
    }
    let mut one = Bits::none(own.list.len());
    one.insert(cell);
    rest.drop(&one);
    Part::Like(own.witness(&one))
}

/// What may be left out of a term without taking anything of the set: what is outside of the set, or of the term.
fn beyond(own: &Cells, within: &Bits, outside: &Bits) -> Bits {
    let mut beyond = Bits::all(own.list.len());
    beyond.drop(within);
    beyond.add(outside);
    beyond
}

impl Region {
    /// Whether a request is one of its own; not told where a part of it is only known by an example.
    pub fn holds(&self, request: &Request) -> Option<bool> {
        let each = self.0.iter().map(|(dimension, values)| values.hold(&request.value(dimension)));
        each.reduce(|one, other| Some(one? && other?)).unwrap_or(Some(true))
    }
}

impl Values {
    fn hold(&self, value: &Value) -> Option<bool> {
        let each = self.0.iter().map(|part| part.holds(value));
        each.reduce(|one, other| Some(one? || other?)).unwrap_or(Some(false))
    }
}

impl Part {
    fn holds(&self, value: &Value) -> Option<bool> {
        match self {
            Part::Absent => Some(*value == Value::Absent),
            Part::Within { term, except } => {
                let is_within = term.as_ref().is_none_or(|term| term.holds(value));
                Some(is_within && !except.iter().any(|term| term.holds(value)))
            }
            Part::Like(_) => None,
        }
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |terms: &[Term]| terms.iter().map(Term::to_string).collect::<Vec<_>>().join(", ");
        match self {
            Part::Absent => f.write_str("none"),
            Part::Within { term: None, except } if except.is_empty() => f.write_str("any"),
            Part::Within { term: None, except } => write!(f, "any but {}", list(except)),
            Part::Within { term: Some(term), except } if except.is_empty() => term.fmt(f),
            Part::Within { term: Some(term), except } => write!(f, "{term} but not {}", list(except)),
            Part::Like(value) => write!(f, "such as {value}"),
        }
    }
}

impl fmt::Display for Values {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts: Vec<String> = self.0.iter().map(Part::to_string).collect();
        f.write_str(&parts.join(" or "))
    }
}

impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return f.write_str("every request");
        }
        for (at, (dimension, values)) in self.0.iter().enumerate() {
            let comma = if at == 0 { "" } else { "; " };
            match values.0.as_slice() {
                [Part::Within { term: Some(_), .. }, ..] => write!(f, "{comma}{values}")?,
                _ => write!(f, "{comma}{dimension}: {values}")?,
            }
        }
        Ok(())
    }
}
