//! Routes: laid over each other by name, in one order, and closed once every service is known.

mod clash;
mod fit;
pub(super) mod mirror;
mod place;
mod target;

use super::index::{Declared, Index};
use super::layers::Chain;
use super::laying::Laying;
use super::{actions, headers, retry};
use crate::diagnostic::Diagnostics;
use crate::intent::{self, Body};
use crate::ir::{
    Action, Actions, Exposure, External, Handling, NewPath, Redirect, RequestMatch, Response, Retry, Rewrite, Route,
};
use crate::ir::{RouteShare, Service};
use crate::source::{Decided, Layer, Spanned};
use crate::value::{Duration, Name, ProtocolKind};
use place::{check_one_file, lay};

/// What the layers said of one route so far.
pub(super) struct Laid<'i> {
    name: &'i Spanned<Name>,
    /// The matches of the strongest layer that has some.
    matches: Vec<RequestMatch>,
    /// Its nodes with their layers, weakest first.
    pieces: Vec<(Layer, &'i intent::Route)>,
}

/// What a service says that names other services.
#[derive(Default)]
pub(super) struct Open<'i> {
    pub(super) routes: Vec<Laid<'i>>,
    pub(super) mirrors: Vec<mirror::Laid<'i>>,
}

impl<'i> Open<'i> {
    /// Lays what the node's own layers say; the weaker ones have none of these words.
    pub(super) fn of(index: &Index<'i>, declared: &'i Declared, below: &Chain<'i>, found: &mut Diagnostics) -> Self {
        let mut open = Open::default();
        if declared.pieces.is_empty() {
            return open;
        }
        let bodies = declared.pieces.iter().map(|piece| &piece.body).collect();
        // What is wrong with the layers themselves was told when the rest was laid.
        let chain = below.with_own(index, declared.namespace, bodies, &mut Diagnostics::default());
        for level in chain.levels.iter().filter(|level| level.layer > Layer::OwnProfile) {
            lay(index, level, &mut open.routes, found);
            mirror::lay(level, &mut open.mirrors, found);
        }
        check_one_file(&chain, found);
        open
    }
}

/// Whether a block has something to do with routes and mirrors.
pub(super) fn is_said(body: &Body) -> bool {
    let own = &body.own;
    let removes = |removal: &intent::Removal| matches!(removal.word, "route" | "mirror");
    !own.routes.is_empty() || !own.mirrors.is_empty() || body.words.removals.iter().any(removes)
}

/// What a route is closed with.
#[derive(Clone, Copy)]
struct Closing<'c, 'i> {
    index: &'c Index<'i>,
    services: &'c [Service],
    externals: &'c [External],
    service: &'c Service,
    kind: ProtocolKind,
}

/// Closes the routes and mirrors of the service at a place of the list, all of whose services are closed but for theirs.
pub(super) fn complete(
    index: &Index<'_>,
    (services, externals): (&mut [Service], &[External]),
    at: usize,
    open: &Open<'_>,
    found: &mut Diagnostics,
) {
    let Some(service) = services.get(at) else { return };
    let closing = Closing { index, services, externals, service, kind: ProtocolKind::Http };
    let mirrors = closing.mirrors(&open.mirrors, found);
    let one = |laid| Some((route(&closing, laid, &open.mirrors, found)?, laid));
    let routes: Vec<(Route, &Laid<'_>)> = open.routes.iter().filter_map(one).collect();
    let over = |base: Base<'_>| -> Vec<Handling> {
        // Of the service's own layers every fault is told already.
        let mut told = Diagnostics::default();
        routes.iter().map(|(_, laid)| handling(laid, base, &mut told)).collect()
    };
    let exposed: Vec<Vec<Handling>> = service.exposures.iter().map(|exposure| over(exposure.into())).collect();
    let routes: Vec<Route> = routes.into_iter().map(|(route, _)| route).collect();
    let Some(service) = services.get_mut(at) else { return };
    (service.routes, service.mirrors) = (routes.into(), mirrors);
    for (exposure, handlings) in service.exposures.iter_mut().zip(exposed) {
        exposure.routes = handlings;
    }
}

fn route(
    closing: &Closing<'_, '_>,
    laid: &Laid<'_>,
    of_service: &[mirror::Laid<'_>],
    found: &mut Diagnostics,
) -> Option<Route> {
    let service = closing.service;
    let kind = fit::kind(service, laid, found)?;
    let mut misfits = Diagnostics::default();
    fit::check(service, laid, kind, &mut misfits);
    // A route that asks for what only connections have was meant for another port: what else it says is misread.
    let is_misread = kind == ProtocolKind::Http && misfits.any_error();
    found.append(misfits);
    if is_misread {
        return None;
    }
    let closing = Closing { kind, ..*closing };
    let (mut action, mut rewrite) = (None, None);
    for (layer, node) in &laid.pieces {
        let mut laying = Laying::alone(*layer, found);
        if let Some(said) = &node.action {
            let value = closing.action(*layer, &said.value, laying.found);
            laying.value(&mut action, value, said.span, "what becomes of its requests");
        }
        lay_rewrite(&mut laying, &mut rewrite, node.rewrite.as_ref());
    }
    let action: Option<Decided<Option<Action>>> = action;
    let action = action.and_then(|said| {
        let origin = said.origin;
        said.value.map(|action| Decided::new(action, origin))
    });
    clash::check(laid, action.as_ref(), rewrite.as_ref(), found);
    let handling = match kind {
        ProtocolKind::Http => handling(laid, service.into(), found),
        ProtocolKind::Tls | ProtocolKind::Tcp => Handling { timeout: None, retry: Retry::Unsaid, actions: None },
    };
    let mirrors = match kind {
        ProtocolKind::Http => closing.mirrors(&mirror::of_route(of_service, &laid.pieces, found), found),
        ProtocolKind::Tls | ProtocolKind::Tcp => Vec::new(),
    };
    let name = Spanned::new(laid.name.value.text().clone(), laid.name.span);
    Some(Route { name, kind, matches: laid.matches.clone(), action, rewrite, handling, mirrors })
}

/// What the words of a route are laid over: those of its service, or of an exposure of it.
#[derive(Clone, Copy)]
struct Base<'b> {
    timeout: Option<&'b Decided<Duration>>,
    retry: &'b Retry,
    actions: Option<&'b Actions>,
}

impl<'b> From<&'b Service> for Base<'b> {
    fn from(service: &'b Service) -> Self {
        Base { timeout: service.timeout.as_ref(), retry: &service.retry, actions: service.actions.as_deref() }
    }
}

impl<'b> From<&'b Exposure> for Base<'b> {
    fn from(exposure: &'b Exposure) -> Self {
        Base { timeout: exposure.timeout.as_ref(), retry: &exposure.retry, actions: exposure.actions.as_deref() }
    }
}

/// How the requests of a route are handled.
fn handling(laid: &Laid<'_>, base: Base<'_>, found: &mut Diagnostics) -> Handling {
    let Base { timeout, retry, actions } = base;
    let (mut timeout, mut retry) = (timeout.cloned(), retry::Laid::of(retry));
    let mut actions = actions::Laid::of(actions);
    for (layer, node) in &laid.pieces {
        let mut laying = Laying::alone(*layer, found);
        laying.switch(&mut timeout, &node.timeout, "`timeout`");
        retry.lay(&mut laying, node.retry.as_ref());
        actions.lay(&mut laying, node.actions.as_deref());
    }
    Handling { timeout, retry: retry.complete(found), actions: actions.complete(found) }
}

/// Lays `rewrite`, of a route or of an exposure, over the weaker ones.
pub(super) fn lay_rewrite(
    laying: &mut Laying<'_>,
    slot: &mut Option<Decided<Box<Rewrite>>>,
    said: Option<&Spanned<Box<intent::Rewrite>>>,
) {
    let Some(said) = said else { return };
    let intent::Rewrite { path, host } = &*said.value;
    let weaker = slot.as_ref().map(|weaker| &*weaker.value);
    let rewrite = Rewrite {
        path: path.as_ref().map(new_path).or_else(|| weaker.and_then(|weaker| weaker.path.clone())),
        host: host.as_ref().map(|host| host.value.clone()).or_else(|| weaker.and_then(|weaker| weaker.host.clone())),
    };
    laying.value(slot, Box::new(rewrite), said.span, "`rewrite`");
}

fn new_path(said: &intent::NewPath) -> NewPath {
    match said {
        intent::NewPath::Whole(path) => NewPath::Whole(path.value.clone()),
        intent::NewPath::Prefix(path) => NewPath::Prefix(path.value.clone()),
        intent::NewPath::Regex(from, to) => NewPath::Regex { from: from.value.clone(), to: to.value.clone() },
    }
}

impl Closing<'_, '_> {
    /// What becomes of the requests; none where a target of it could not be closed.
    fn action(&self, layer: Layer, said: &intent::Action, found: &mut Diagnostics) -> Option<Action> {
        match said {
            intent::Action::To(node) => self.target(layer, node, found).map(Action::To),
            intent::Action::Split(shares) => {
                let close = |share: &intent::SplitShare| {
                    let target = self.target(layer, &share.target, found)?;
                    let mut headers = None;
                    headers::lay(&mut Laying::alone(layer, found), &mut headers, share.headers.as_ref());
                    Some(RouteShare { target, percent: share.percent.clone(), headers })
                };
                let closed: Vec<RouteShare> = shares.iter().filter_map(close).collect();
                target::check_repeats(&closed, found);
                (closed.len() == shares.len()).then_some(Action::Split(closed))
            }
            intent::Action::Redirect(redirect) => Some(Action::Redirect(Box::new(close_redirect(redirect)))),
            intent::Action::Respond(response) => {
                let intent::Response { status, body } = &**response;
                Some(Action::Respond(Box::new(Response { status: number(status.value), body: body.clone() })))
            }
        }
    }
}

fn close_redirect(said: &intent::Redirect) -> Redirect {
    let intent::Redirect { scheme, host, port, path, status } = said;
    Redirect {
        scheme: scheme.as_ref().map(|said| said.value),
        host: host.as_ref().map(|said| said.value.clone()),
        port: port.as_ref().map(|said| said.value),
        path: path.as_ref().map(new_path),
        status: status.as_ref().map_or(301, |said| number(said.value)),
    }
}

/// A status, which was read as a number of three digits.
fn number(status: u32) -> u16 {
    u16::try_from(status).unwrap_or(u16::MAX)
}
