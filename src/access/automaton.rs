//! Which sets of globs a text can match, each with a shortest text: one automaton for all globs of a dimension, whose
//! states are the sets of places in them that a text can have reached.

use super::bits::Bits;
use super::budget::{Spent, Steps};
use super::glob::{Class, Glob, Token};
use std::collections::BTreeSet;

/// A set of terms that a text matches while it matches no other, and such a text.
pub(super) struct Found {
    pub(super) signature: Bits,
    pub(super) text: String,
}

/// Whose glob ends at a place.
#[derive(Clone, Copy)]
enum Place {
    Inside(Token),
    EndOf(usize),
    EndOfUniverse,
}

struct Automaton {
    places: Vec<Place>,
    start: BTreeSet<usize>,
    /// Where the globs of the universe begin: behind those of the terms.
    universe_at: usize,
    terms: usize,
    has_capitals: bool,
}

/// A set of places, and by which character it was reached from which other.
struct State {
    places: BTreeSet<usize>,
    from: Option<(usize, char)>,
}

/// The sets of terms that the texts of a universe can match, shortest texts first.
pub(super) fn signatures(
    terms: &[Vec<Glob>],
    universe: &[Glob],
    has_capitals: bool,
    steps: &mut Steps,
) -> Result<Vec<Found>, Spent> {
    let automaton = Automaton::new(terms, universe, has_capitals);
    let mut states = vec![State { places: automaton.start.clone(), from: None }];
    let mut seen: BTreeSet<BTreeSet<usize>> = BTreeSet::from([automaton.start.clone()]);
    let mut told: BTreeSet<Bits> = BTreeSet::new();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(places) = states.get(at).map(|state| state.places.clone()) {
        if let Some(signature) = automaton.accepted(&places).filter(|signature| !told.contains(signature)) {
            told.insert(signature.clone());
            found.push(Found { signature, text: text(&states, at) });
        }
        for c in automaton.characters(&places) {
            steps.take(1 + places.len() / 8)?;
            let next = automaton.step(&places, c);
            // Without a place in the universe left, no text of it can follow.
            if next.range(automaton.universe_at..).next().is_some() && seen.insert(next.clone()) {
                states.push(State { places: next, from: Some((at, c)) });
            }
        }
        at += 1;
    }
    Ok(found)
}

/// The text that leads to a state.
fn text(states: &[State], mut at: usize) -> String {
    let mut reversed = Vec::new();
    while let Some((before, c)) = states.get(at).and_then(|state| state.from) {
        reversed.push(c);
        at = before;
    }
    reversed.iter().rev().collect()
}

impl Automaton {
    fn new(terms: &[Vec<Glob>], universe: &[Glob], has_capitals: bool) -> Self {
        let mut own =
            Automaton { places: Vec::new(), start: BTreeSet::new(), universe_at: 0, terms: terms.len(), has_capitals };
        for (term, globs) in terms.iter().enumerate() {
            for glob in globs {
                own.add(glob, Place::EndOf(term));
            }
        }
        own.universe_at = own.places.len();
        for glob in universe {
            own.add(glob, Place::EndOfUniverse);
        }
        own
    }

    fn add(&mut self, glob: &Glob, end: Place) {
        let begin = self.places.len();
        self.places.extend(glob.0.iter().map(|token| Place::Inside(*token)).chain([end]));
        let mut start = std::mem::take(&mut self.start);
        self.reach(begin, &mut start);
        self.start = start;
    }

    /// Adds a place and those that follow without a character.
    fn reach(&self, mut at: usize, places: &mut BTreeSet<usize>) {
        while places.insert(at) && matches!(self.places.get(at), Some(Place::Inside(Token::Many(_)))) {
            at += 1;
        }
    }

    fn step(&self, places: &BTreeSet<usize>, c: char) -> BTreeSet<usize> {
        let mut next = BTreeSet::new();
        for at in places {
            match self.places.get(*at) {
                Some(Place::Inside(Token::One(class))) if class.holds(c) => self.reach(at + 1, &mut next),
                Some(Place::Inside(Token::Many(class))) if class.holds(c) => self.reach(*at, &mut next),
                Some(Place::Inside(_) | Place::EndOf(_) | Place::EndOfUniverse) | None => {}
            }
        }
        next
    }

    /// The terms that match a text which ends here; none where it is not of the universe.
    fn accepted(&self, places: &BTreeSet<usize>) -> Option<Bits> {
        let mut signature = Bits::none(self.terms);
        let mut is_of_universe = false;
        for at in places {
            match self.places.get(*at) {
                Some(Place::EndOf(term)) => signature.insert(*term),
                Some(Place::EndOfUniverse) => is_of_universe = true,
                Some(Place::Inside(_)) | None => {}
            }
        }
        is_of_universe.then_some(signature)
    }

    /// A character for each way on: those that are named here, and of the others one for each class that any glob tells
    /// apart.
    fn characters(&self, places: &BTreeSet<usize>) -> Vec<char> {
        let classes = places.iter().filter_map(|at| match self.places.get(*at) {
            Some(Place::Inside(Token::One(class) | Token::Many(class))) => Some(*class),
            Some(Place::EndOf(_) | Place::EndOfUniverse) | None => None,
        });
        let mut named = BTreeSet::new();
        for class in classes {
            match class {
                Class::Char(c) | Class::Not(c) => named.extend([c]),
                Class::Segment | Class::Segments => named.extend(['/']),
                Class::Path => named.extend(['?', '#']),
                Class::Any => {}
            }
        }
        let small = ('x'..='z').chain('a'..='w').chain('0'..='9').chain("-_~.%!$&'()+,;:@=".chars());
        let capitals = ('A'..='Z').filter(|_| self.has_capitals);
        let of_segment = small.chain(capitals).find(|c| !named.contains(c));
        let other = "|^".chars().chain('\u{e0}'..='\u{ffff}').find(|c| !named.contains(c));
        named.into_iter().chain(of_segment).chain(other).collect()
    }
}
