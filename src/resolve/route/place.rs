use super::Laid;
use crate::diagnostic::{Diagnostic, Diagnostics, Severity, nearest};
use crate::intent::{self, Position};
use crate::resolve::codes::{MISSING_POSITION, RESERVED_NAME, ROUTES_SPLIT, UNKNOWN_NAME};
use crate::resolve::index::Index;
use crate::resolve::layers::{Chain, Level};
use crate::resolve::laying::said_twice;
use crate::resolve::removals::Removals;
use crate::resolve::request;
use crate::source::{FileId, Layer, Span, Spanned};
use crate::value::Name;

/// What stands for every route in `before=` and `after=`.
const ALL: &str = "all";

/// Lays the routes of a layer over the weaker ones: a route of the same name is laid over part by part, a new one takes
/// its place in the list.
pub(in crate::resolve) fn lay<'i>(
    index: &Index<'i>,
    level: &Level<'i>,
    into: &mut Vec<Laid<'i>>,
    found: &mut Diagnostics,
) {
    let mut removals = Removals::of(level, "route", |removal| Some(removal.key.value.as_str()));
    removals.take(|name| {
        let before = into.len();
        into.retain(|laid| laid.name.value.text() != *name);
        into.len() < before
    });
    let mut placing = Placing { needs_position: !into.is_empty() && level.layer == Layer::OwnOverlay, own: Vec::new() };
    for node in level.bodies.iter().flat_map(|body| &body.own.routes) {
        let name = node.name.value.text();
        removals.check_added(&name.as_str(), &format_args!("route {name}"), node.name.span, found);
        if name == ALL {
            found.push(all_is_reserved(node.name.span));
            continue;
        }
        if let Some((first, _)) = placing.own.iter().find(|(first, _)| first.value == node.name.value) {
            found.push(said_twice("this route", node.name.span, first.span));
            continue;
        }
        placing.put((index, level), node, into, found);
    }
    removals.finish(found);
}

/// The routes that one layer has put into the list, each with what it stands after.
struct Placing<'i> {
    needs_position: bool,
    own: Vec<(&'i Spanned<Name>, Option<&'i Position>)>,
}

impl<'i> Placing<'i> {
    fn put(
        &mut self,
        (index, level): (&Index<'i>, &Level<'i>),
        node: &'i intent::Route,
        into: &mut Vec<Laid<'i>>,
        found: &mut Diagnostics,
    ) {
        let weaker = into.iter().position(|laid| laid.name.value == node.name.value);
        if weaker.is_none() && self.needs_position && node.position.is_none() {
            found.push(missing_position(node));
        }
        let mut laid = match weaker.filter(|_| node.position.is_some()) {
            Some(at) => into.remove(at),
            None => Laid { name: &node.name, matches: Vec::new(), pieces: Vec::new() },
        };
        let laid_over = match (weaker, &node.position) {
            (Some(at), None) => into.get_mut(at),
            (Some(_) | None, _) => None,
        };
        let lay = |laid: &mut Laid<'i>, found: &mut Diagnostics| {
            if !node.matches.is_empty() {
                laid.matches = node.matches.iter().map(|said| request::complete(index, level, said, found)).collect();
            }
            laid.pieces.push((level.layer, node));
        };
        match laid_over {
            Some(weaker) => lay(weaker, found),
            None => {
                lay(&mut laid, found);
                let at = self.place(node, into, found);
                into.insert(at.min(into.len()), laid);
            }
        }
        self.own.push((&node.name, node.position.as_ref()));
    }

    /// The place in the list of a route, behind those that this layer has put at the same place before.
    fn place(&self, node: &intent::Route, into: &[Laid<'_>], found: &mut Diagnostics) -> usize {
        let Some(position) = &node.position else { return into.len() };
        let (anchor, is_after) = match position {
            Position::Before(anchor) => (anchor, false),
            Position::After(anchor) => (anchor, true),
        };
        if anchor.value.text() == ALL {
            let is_first = |position: &Position| matches!(position, Position::Before(name) if name.value.text() == ALL);
            return if is_after { into.len() } else { self.count(is_first) };
        }
        let Some(at) = into.iter().position(|laid| laid.name.value == anchor.value) else {
            found.push_if_kept(Severity::Error, anchor.span, || unknown_anchor(anchor, into));
            return into.len();
        };
        let is_same = |position: &Position| matches!(position, Position::After(name) if name.value == anchor.value);
        if is_after { at + 1 + self.count(is_same) } else { at }
    }

    fn count(&self, counts: impl Fn(&Position) -> bool) -> usize {
        self.own.iter().filter_map(|(_, position)| *position).filter(|position| counts(position)).count()
    }
}

fn all_is_reserved(span: Span) -> Diagnostic {
    Diagnostic::new(&RESERVED_NAME, "no route may be named `all`")
        .at(span, "this name is reserved")
        .note("`before=all` and `after=all` place a route before or behind every other")
        .help("choose another name")
}

fn missing_position(node: &intent::Route) -> Diagnostic {
    Diagnostic::new(&MISSING_POSITION, format!("where `route {}` stands among the others is not said", node.name.value))
        .at(node.span, "a new route of an overlay")
        .note("the first route that matches wins, so a place in the list is part of what a route says")
        .fix("put it first, for example", node.name.span.end(), " before=all")
}

fn unknown_anchor(anchor: &Spanned<Name>, into: &[Laid<'_>]) -> Diagnostic {
    let fault = Diagnostic::new(&UNKNOWN_NAME, format!("no route is named `{}`", anchor.value))
        .at(anchor.span, "no other route of a weaker layer, or written before, has this name");
    let names = into.iter().map(|laid| laid.name.value.text().as_str());
    match nearest(anchor.value.text(), names.chain([ALL])) {
        Some(near) => fault.fix(format!("did you mean `{near}`?"), anchor.span, near),
        None => fault.help("write the name of another route of this service, or `all`"),
    }
}

/// Reports routes of one service in several files: their order is part of what they say, and files have none.
pub(in crate::resolve) fn check_one_file(chain: &Chain<'_>, found: &mut Diagnostics) {
    let mut first: Option<(FileId, Span)> = None;
    let bodies = chain.levels.iter().filter(|level| level.layer > Layer::OwnProfile).flat_map(|level| &level.bodies);
    for route in bodies.flat_map(|body| &body.own.routes) {
        let span = route.span;
        match first {
            None => first = Some((span.file, span)),
            Some((file, first)) if file != span.file => {
                found.push(
                    Diagnostic::new(&ROUTES_SPLIT, "the routes of a service stand in one file")
                        .at(span, "a route in another file")
                        .related(first, "the first route of this service")
                        .note("the first route that matches wins, and files have no order")
                        .help("write them all into one file"),
                );
                return;
            }
            Some(_) => {}
        }
    }
}
