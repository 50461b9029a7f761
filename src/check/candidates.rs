//! Which matches of other routes could take all that a match asks for, by what they must have in common: thousands of
//! routes are not held against each other pair by pair.

use crate::ir::{Paths, Predicate, RequestMatch};
use crate::source::Spanned;
use crate::value::{HeaderName, HeaderValue, Path};
use std::collections::{BTreeMap, BTreeSet};

/// So many parts of a path tell it apart from others.
const MOST_PARTS: usize = 8;

/// Something that a match says, and that every match inside of it says too.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Mark<'m> {
    /// A value of a header, a cookie or a parameter.
    Value(Kind, &'m str, &'m str),
    /// How its path begins, in small letters.
    Path(String),
}

/// Where a value stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Header,
    Cookie,
    Query,
}

/// A match with the number of its route.
pub(super) type Candidate<'m> = (usize, &'m RequestMatch);

/// The matches of the routes so far.
#[derive(Default)]
pub(super) struct Candidates<'m> {
    marked: BTreeMap<Mark<'m>, Vec<Candidate<'m>>>,
    /// Those that say nothing by which they could be found.
    others: Vec<Candidate<'m>>,
}

impl<'m> Candidates<'m> {
    /// Adds a match of a route, under those of its marks that the fewest have.
    pub(super) fn add(&mut self, route: usize, request: &'m RequestMatch) {
        let known = |mark: &Mark<'m>| self.marked.get(mark).map_or(0, Vec::len);
        let fullest = |marks: &Vec<Mark<'m>>| marks.iter().map(known).max().unwrap_or_default();
        match alternatives(request).into_iter().min_by_key(fullest) {
            Some(marks) => {
                for mark in marks {
                    self.marked.entry(mark).or_default().push((route, request));
                }
            }
            None => self.others.push((route, request)),
        }
    }

    /// The matches that could take all of this one; no other does.
    pub(super) fn of(&self, request: &'m RequestMatch) -> impl Iterator<Item = Candidate<'m>> {
        let marked = marks(request).into_iter().filter_map(|mark| self.marked.get(&mark)).flatten();
        marked.chain(&self.others).copied()
    }
}

/// Lists of marks: of each, whatever lies inside of this match has one.
fn alternatives(request: &RequestMatch) -> Vec<Vec<Mark<'_>>> {
    let values = values(request).map(|(kind, name, values)| {
        values.iter().map(|value| Mark::Value(kind, name, value.text())).collect::<Vec<_>>()
    });
    let patterns = patterns(request).filter(|patterns| !patterns.iter().any(|path| path.value.is_all()));
    let begun = |path: &Spanned<Path>| Mark::Path(parts(&path.value).join("/"));
    values.chain(patterns.map(|patterns| patterns.iter().map(begun).collect())).collect()
}

/// The marks of which a match that takes all of this one has one.
fn marks(request: &RequestMatch) -> BTreeSet<Mark<'_>> {
    let values = values(request)
        .filter_map(|(kind, name, values)| values.first().map(|value| Mark::Value(kind, name, value.text())));
    let begins = patterns(request).filter_map(|patterns| patterns.first()).flat_map(|path| {
        let parts = parts(&path.value);
        (0..=parts.len()).map(move |count| Mark::Path(parts.get(..count).unwrap_or_default().join("/")))
    });
    values.chain(begins).collect()
}

/// The lines that name values, whole ones.
fn values(request: &RequestMatch) -> impl Iterator<Item = (Kind, &str, &[HeaderValue])> {
    let lines = &request.lines;
    let kinds = [(Kind::Header, &lines.headers), (Kind::Cookie, &lines.cookies), (Kind::Query, &lines.queries)];
    kinds.into_iter().flat_map(move |(kind, pairs)| pairs.iter().filter_map(move |pair| one_of(kind, pair)))
}

fn one_of(kind: Kind, (name, said): &(Spanned<HeaderName>, Predicate)) -> Option<(Kind, &str, &[HeaderValue])> {
    match said {
        Predicate::OneOf(values) => Some((kind, name.value.text().as_str(), values.as_slice())),
        Predicate::Present | Predicate::Prefix(_) | Predicate::Regex(_) => None,
    }
}

/// The sets of paths that are patterns.
fn patterns(request: &RequestMatch) -> impl Iterator<Item = &[Spanned<Path>]> {
    request.lines.paths.iter().filter_map(|set| match set {
        Paths::Patterns { patterns, .. } => Some(patterns.as_slice()),
        Paths::Regex(_) => None,
    })
}

/// The parts with which every path of a pattern begins, in small letters; not too many.
fn parts(path: &Path) -> Vec<String> {
    let parts = path.text().split('/').skip(1).take_while(|part| !matches!(*part, "*" | "{*}"));
    parts.take(MOST_PARTS).map(str::to_ascii_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::Candidates;
    use crate::ir::{Lines, Paths, Predicate, RequestMatch};
    use crate::source::{FileId, Origin, Span, Spanned};
    use crate::value::{HeaderName, HeaderValue, Path};

    fn on_path(text: &str) -> RequestMatch {
        let span = Span::new(FileId::new(0), 0, 0);
        let path = Path::parse(text).unwrap_or_else(|_| panic!("{text} is a path"));
        let patterns = vec![Spanned::new(path, span)];
        let paths = [Paths::Patterns { patterns, ignore_case: false }].into_iter().collect();
        RequestMatch { lines: Lines { paths, ..Lines::default() }, not: None, origin: Origin::BUILT_IN }
    }

    fn with_header(mut request: RequestMatch, value: &str) -> RequestMatch {
        let span = Span::new(FileId::new(0), 0, 0);
        let name = HeaderName::parse("x-a").unwrap_or_else(|_| panic!("x-a is a header"));
        let value = HeaderValue::parse(value).unwrap_or_else(|_| panic!("{value} is a value"));
        request.lines.headers.push((Spanned::new(name, span), Predicate::OneOf(vec![value])));
        request
    }

    /// How many matches are looked at for all of these, each with those before it.
    fn work(requests: &[RequestMatch]) -> usize {
        let (mut candidates, mut work) = (Candidates::default(), 0);
        for (at, request) in requests.iter().enumerate() {
            work += candidates.of(request).count();
            candidates.add(at, request);
        }
        work
    }

    #[test]
    fn many_routes_are_not_held_against_each_other() {
        let paths: Vec<_> = (0..3_000).map(|at| on_path(&format!("/a{at}/*"))).collect();
        assert_eq!(work(&paths), 0);
        let headers: Vec<_> = (0..3_000).map(|at| with_header(on_path("/a/*"), &format!("v{at}"))).collect();
        assert!(work(&headers) <= 3_000, "{}", work(&headers));
    }

    #[test]
    fn what_takes_all_of_a_match_is_found() {
        for (wider, request) in [
            ("/*", "/a"),
            ("/a", "/a"),
            ("/a/*", "/a"),
            ("/a/*", "/A/b/*"),
            ("/a/{*}/c", "/a/b/c"),
            ("/a/b/c/d/e/f/g/h/i/j", "/a/b/c/d/e/f/g/h/i/j"),
            ("/", "/"),
        ] {
            let (wider, request) = (on_path(wider), on_path(request));
            assert_eq!(work(&[wider.clone(), request.clone()]), 1, "{wider:?} {request:?}");
            assert_eq!(work(&[wider, with_header(request, "v")]), 1);
        }
    }
}
