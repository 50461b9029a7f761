use super::judge::Judge;
use super::line::lines;
use super::{is_word, scalar};
use crate::source::{FileId, Layer, Origin, Span};
use crate::verbatim::node::Value;
use crate::verbatim::outline::Outline;
use smol_str::SmolStr;
use std::ops::Range;

/// What names an object: of each document the entries of its head, in the order in which they stand.
pub struct Head<'t> {
    /// Where the document's value begins.
    at: usize,
    lines: Vec<Line<'t>>,
}

/// An item of a list, or an entry of a map.
struct Line<'t> {
    /// In how many maps and lists it stands.
    depth: usize,
    /// Its key; none for an item.
    key: Option<&'t str>,
    /// What stands behind its key, or its dash.
    rest: &'t str,
}

/// The head of a document, and where the document stands.
pub(in crate::verbatim) type Skimmed<'t> = (Head<'t>, Range<usize>);

/// The lines of a head as tools write them.
const USUAL: usize = 16;

/// What names the object of each document, and where the document stands; none where [`decode`](super::decode) has none.
pub(in crate::verbatim) fn skim(text: &str) -> Option<Vec<Skimmed<'_>>> {
    let (mut judge, mut found, mut is_head) = (Judge::default(), Vec::new(), false);
    let (mut begun, mut head) = (0, None);
    lines(text, |line| {
        let Some(content) = line.content else {
            end(&mut judge, &mut head, begun..line.start, &mut found)?;
            begun = line.start + line.length + 1;
            return Some(());
        };
        let head: &mut Head<'_> =
            head.get_or_insert_with(|| Head { at: line.start + line.indent, lines: Vec::with_capacity(USUAL) });
        judge.take(line.indent, content, |depth, key, rest| {
            if depth == 1 {
                is_head = matches!(key, Some("apiVersion" | "kind" | "metadata"));
            }
            match head.lines.last_mut().filter(|_| key.is_none() && !rest.is_empty()) {
                _ if !is_head => {}
                Some(item) => item.rest = rest,
                None => head.lines.push(Line { depth, key, rest }),
            }
        })
    })?;
    end(&mut judge, &mut head, begun..text.len(), &mut found)?;
    Some(found)
}

fn end<'t>(
    judge: &mut Judge,
    head: &mut Option<Head<'t>>,
    at: Range<usize>,
    found: &mut Vec<Skimmed<'t>>,
) -> Option<()> {
    judge.end()?;
    found.extend(head.take().map(|head| (head, at)));
    Some(())
}

impl<'t> Head<'t> {
    /// All of it.
    pub fn whole(&self) -> Part<'_, 't> {
        Part { own: None, below: &self.lines }
    }

    /// Where the document's value begins.
    pub fn origin(&self, file: FileId) -> Origin {
        let at = u32::try_from(self.at).unwrap_or(u32::MAX);
        Origin::new(Layer::Own, Span::new(file, at, at))
    }
}

/// A part of a head.
#[derive(Clone, Copy)]
pub struct Part<'h, 't> {
    /// Its own line; none for the whole head.
    own: Option<&'h Line<'t>>,
    /// The lines of what is in it.
    below: &'h [Line<'t>],
}

impl Part<'_, '_> {
    fn at(self, at: usize) -> Option<Self> {
        let (own, behind) = self.below.get(at..)?.split_first()?;
        let length = behind.iter().take_while(|line| line.depth > own.depth).count();
        Some(Part { own: Some(own), below: behind.get(..length)? })
    }
}

impl Outline for Part<'_, '_> {
    fn get(self, key: &str) -> Option<Self> {
        let depth = self.own.map_or(0, |own| own.depth) + 1;
        self.at(self.below.iter().rposition(|line| line.key == Some(key) && line.depth == depth)?)
    }

    fn first(self) -> Option<Self> {
        self.below.first().filter(|line| line.key.is_none())?;
        self.at(0)
    }

    fn text(self) -> Option<SmolStr> {
        let rest = self.own?.rest;
        if is_word(rest) {
            return Some(SmolStr::new(rest));
        }
        if let Value::Text(text) = scalar(rest)? { Some(text) } else { None }
    }
}
