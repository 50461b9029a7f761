//! `route`: its place in the list, its conditions, and how its requests are handled.

pub(super) mod action;

use super::actions::{self, Actions};
use super::body;
use super::codes::CHOOSE_ONE;
use super::conditions::{self, Match};
use super::decode::{Decoder, argument, head, property};
use super::grammar::{Place, Repeats, Word};
use super::mirror::{self, Mirror};
use super::retry::{self, RetrySaid};
use super::words::Removal;
use super::{Said, Switch, timeout};
use crate::diagnostic::Diagnostic;
use crate::source::{Span, Spanned};
use crate::syntax::Node;
use crate::value::{Duration, Name};
use action::{Action, Rewrite};

pub(super) const WORDS: &[Word] = &[
    Word {
        name: "route",
        places: &[Place::Service],
        shape: "NAME before=NAME after=NAME { match { }; to; split { }; redirect; respond; rewrite; timeout; retry; headers; cors; mirror; fault }",
        arguments: (1, 1),
        properties: &["before", "after"],
        block: Some(Place::Route),
        repeats: Repeats::Keyed,
        meaning: "What becomes of requests of a kind: the first that matches wins, and after the last comes the default target.",
    },
    Word {
        name: "match",
        places: &[Place::Route],
        shape: "{ CONDITION+ }",
        arguments: (0, 0),
        properties: &[],
        block: Some(Place::RouteMatch),
        repeats: Repeats::Many,
        meaning: "Requests that the route is for; several blocks: any of them, and those of an overlay replace the list.",
    },
];

/// `route NAME { }`.
#[derive(Clone, Debug)]
pub struct Route {
    /// Its name.
    pub name: Spanned<Name>,
    /// `before=` or `after=`.
    pub position: Option<Position>,
    /// Which requests.
    pub matches: Vec<Match>,
    /// What becomes of them.
    pub action: Said<Action>,
    /// `rewrite`.
    pub rewrite: Said<Box<Rewrite>>,
    /// `timeout`.
    pub timeout: Said<Switch<Duration>>,
    /// `retry`.
    pub retry: Option<RetrySaid>,
    /// `headers`, `cors` and `fault`.
    pub actions: Option<Box<Actions>>,
    /// `mirror`.
    pub mirrors: Vec<Mirror>,
    /// `-mirror`.
    pub removals: Vec<Removal>,
    /// The node's word and values.
    pub span: Span,
}

/// Where a route stands among the others; `all` is every one of them.
#[derive(Clone, Debug)]
pub enum Position {
    /// Before this one.
    Before(Spanned<Name>),
    /// After this one.
    After(Spanned<Name>),
}

/// Reads `route`.
pub(super) fn decode(decoder: &mut Decoder<'_>, node: &Node<'_>) -> Option<Route> {
    let name = argument(node, 0).and_then(|entry| decoder.name(entry));
    let position = position(decoder, node);
    let (mut matches, mut action, mut rewrite) = (Vec::new(), None, None);
    let (mut timeout, mut retry, mut actions) = (None, None, None);
    let (mut mirrors, mut removals) = (Vec::new(), Vec::new());
    decoder.children(node, Place::Route, |decoder, word, child| match word.name {
        "match" => matches.push(conditions::decode(decoder, child, Place::RouteMatch)),
        "timeout" => timeout = timeout::decode(decoder, child),
        "retry" => retry = Some(retry::decode(decoder, child)),
        "headers" | "cors" | "fault" => actions::take(decoder, &mut actions, word, child),
        "mirror" if child.name.value.starts_with('-') => removals.extend(body::removals(decoder, word, child)),
        "mirror" => {
            let read = mirror::decode(decoder, child, Place::Route);
            mirror::push(decoder, &mut mirrors, read);
        }
        "rewrite" => rewrite = action::decode_rewrite(decoder, child),
        _ => action::decode(decoder, &mut action, word, child),
    });
    matches.shrink_to_fit();
    let (name, span) = (name?, head(node));
    Some(Route { name, position, matches, action, rewrite, timeout, retry, actions, mirrors, removals, span })
}

fn position(decoder: &mut Decoder<'_>, node: &Node<'_>) -> Option<Position> {
    let before = property(node, "before");
    let after = property(node, "after");
    match (before, after) {
        (Some(before), None) => decoder.value(before).map(Position::Before),
        (None, Some(after)) => decoder.value(after).map(Position::After),
        (None, None) => None,
        (Some(before), Some(after)) => {
            decoder.found.push(
                Diagnostic::new(&CHOOSE_ONE, "`route` stands `before=` one or `after=` one")
                    .at(after.span, "one too many")
                    .related(before.span, "said here already")
                    .help("keep one of the two"),
            );
            None
        }
    }
}
