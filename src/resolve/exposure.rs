use super::codes::HTTP_ON_TCP;
use super::exposed_port;
use super::faults::Use;
use super::index::Index;
use super::layers::Level;
use super::laying::{Laying, said_twice};
use super::removals::Removals;
use super::words::waiver;
use super::{actions, order, retry, route, token};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::intent::{self, Expose};
use crate::ir::{Actions, Door, Exposure, Gateway, Port, Retry};
use crate::source::{Decided, Layer, Origin, Span, Spanned};
use crate::value::{Duration, Name, Path, ProtocolKind};
use std::collections::{BTreeMap, BTreeSet};

/// The `expose` nodes of one gateway, host and paths with their layers, weakest first; never empty.
pub(super) struct Laid<'i> {
    weakest: (Layer, &'i Expose),
    stronger: Vec<(Layer, &'i Expose)>,
}

/// What one exposure is known by.
type Key<'i> = (&'i Name, Door, Vec<&'i Path>);

fn key(expose: &Expose) -> Key<'_> {
    let mut paths: Vec<&Path> = expose.paths.iter().map(|path| &path.value).collect();
    paths.sort();
    (&expose.gateway.value, door(expose).0, paths)
}

/// Where on the gateway an exposure stands, and where that is said.
fn door(expose: &Expose) -> (Door, Span) {
    match &expose.door {
        intent::Door::Host(host) => (Door::Host(host.value.clone()), host.span),
        intent::Door::Listener(number) => (Door::Listener(number.value), number.span),
    }
}

/// Lays the `expose` nodes of a layer over the weaker ones: the same gateway, host and paths said again are laid over
/// part by part.
pub(super) fn lay<'i>(level: &Level<'i>, into: &mut Vec<Laid<'i>>, found: &mut Diagnostics) {
    let mut removals = Removals::of(level, "expose", |removal| Some(Removed::of(&removal.key.value)));
    removals.take(|removed| {
        let before = into.len();
        into.retain(|laid| !removed.names(laid.weakest.1));
        into.len() < before
    });
    let mut weaker: BTreeMap<Key<'i>, usize> =
        into.iter().enumerate().map(|(at, laid)| (key(laid.weakest.1), at)).collect();
    let mut own: BTreeMap<Key<'i>, &'i Expose> = BTreeMap::new();
    for expose in level.bodies.iter().flat_map(|body| &body.own.exposes) {
        let gateway = expose.gateway.value.text();
        let (shown, span) = (format_args!("expose {gateway}"), expose.gateway.span);
        removals.check_added_where(|removed| removed.names(expose), &shown, span, found);
        if let Some(first) = own.insert(key(expose), expose) {
            found.push(said_twice("this exposure", expose.span, first.span));
            continue;
        }
        match weaker.remove(&key(expose)).and_then(|at| into.get_mut(at)) {
            Some(laid) => laid.stronger.push((level.layer, expose)),
            None => into.push(Laid { weakest: (level.layer, expose), stronger: Vec::new() }),
        }
    }
    removals.finish(found);
}

/// The key of a `-expose`: those parts of an exposure's key that it names.
#[derive(PartialEq)]
struct Removed<'k> {
    gateway: &'k str,
    paths: BTreeSet<&'k str>,
    door: Option<&'k str>,
}

impl<'k> Removed<'k> {
    fn of(key: &'k str) -> Self {
        let is_path = |part: &&str| part.starts_with('/');
        let mut parts = key.split(' ');
        let gateway = parts.next().unwrap_or_default();
        let (paths, doors): (BTreeSet<&str>, BTreeSet<&str>) = parts.partition(is_path);
        Removed { gateway, paths, door: doors.into_iter().next() }
    }

    /// Whether it means this exposure: what it does not name may be any.
    fn names(&self, expose: &Expose) -> bool {
        let door = match &expose.door {
            intent::Door::Host(host) => format!("host={}", host.value),
            intent::Door::Listener(number) => format!("listen={}", number.value),
        };
        let paths: BTreeSet<String> = expose.paths.iter().map(|path| path.value.to_string()).collect();
        let is_same = self.paths.len() == paths.len() && self.paths.iter().all(|path| paths.contains(*path));
        let has_paths = self.paths.is_empty() || is_same;
        expose.gateway.value.text() == self.gateway && has_paths && self.door.is_none_or(|named| named == door)
    }
}

/// What an exposure is laid over: its service's ports and limits, and the gateways it may stand on.
pub(super) struct Base<'b> {
    pub(super) gateways: &'b [Gateway],
    pub(super) ports: &'b [Port],
    pub(super) timeout: Option<&'b Decided<Duration>>,
    pub(super) retry: &'b Retry,
    pub(super) actions: Option<&'b Actions>,
}

/// Closes one exposure.
pub(super) fn complete(
    index: &Index<'_>,
    laid: &Laid<'_>,
    base: &Base<'_>,
    found: &mut Diagnostics,
) -> Option<Exposure> {
    let (layer, node) = laid.weakest;
    let (mut own_timeout, mut own_retry) = (base.timeout.cloned(), retry::Laid::of(base.retry));
    let (mut own_actions, mut rewrite_laid, mut tokens_laid) = (actions::Laid::of(base.actions), None, Vec::new());
    let (mut port_said, mut methods_said, mut from_said, mut why_said) = (None, None, None, None);
    for (layer, expose) in laid.layers() {
        let Expose {
            gateway: _,
            paths: _,
            door: _,
            port,
            methods,
            from,
            timeout,
            retry,
            rewrite,
            actions,
            tokens,
            removals,
            waiver,
            span: _,
        } = expose;
        let removed = Removals::among(removals.iter(), "require-token", |it| token::removed(index, it, found));
        token::add(index, *layer, (tokens.iter(), removed), &mut tokens_laid, found);
        let mut laying = Laying::alone(*layer, found);
        laying.switch(&mut own_timeout, timeout, "`timeout`");
        own_retry.lay(&mut laying, retry.as_ref());
        route::lay_rewrite(&mut laying, &mut rewrite_laid, rewrite.as_ref());
        own_actions.lay(&mut laying, actions.as_deref());
        port_said = port.as_ref().or(port_said);
        methods_said = methods.as_ref().or(methods_said);
        from_said = from.as_ref().or(from_said);
        why_said = waiver.as_deref().or(why_said);
    }
    order::tokens(&mut tokens_laid);
    let gateway = index.gateway(&Use::whole(node.gateway.value.text(), node.gateway.span), found)?;
    let (door, at) = door(node);
    let asked = exposed_port::Asked { node, said: port_said, door: &door, ports: base.ports };
    let (port, kind) = exposed_port::choose(&asked, base.gateways.get(gateway.0 as usize), found)?;
    if kind != ProtocolKind::Http {
        refuse_requests(laid, &door, found);
        (own_timeout, own_retry, own_actions) = (None, retry::Laid::default(), actions::Laid::default());
        (rewrite_laid, tokens_laid) = (None, Vec::new());
    }
    Some(Exposure {
        gateway,
        door: Decided::new(door, Origin::new(layer, at)),
        kind,
        paths: paths(node),
        port,
        methods: methods_said.iter().flat_map(|list| &list.value).map(|method| method.value.clone()).collect(),
        from: from_said.iter().flat_map(|list| &list.value).copied().collect(),
        rewrite: rewrite_laid,
        timeout: own_timeout,
        retry: own_retry.complete(found),
        tokens: tokens_laid,
        actions: own_actions.complete(found),
        routes: Vec::new(),
        origin: Origin::new(layer, node.span),
        waiver: waiver(why_said),
    })
}

/// The paths of an exposure; all where none is said.
fn paths(node: &Expose) -> Vec<Spanned<Path>> {
    if node.paths.is_empty() { vec![Spanned::new(Path::all(), node.span)] } else { node.paths.clone() }
}

impl<'i> Laid<'i> {
    fn layers(&self) -> impl Iterator<Item = &(Layer, &'i Expose)> {
        std::iter::once(&self.weakest).chain(&self.stronger)
    }
}

/// What is about requests has nothing to act on where none are seen.
fn refuse_requests(laid: &Laid<'_>, door: &Door, found: &mut Diagnostics) {
    let said = laid.layers().flat_map(|(_, expose)| {
        let path = expose.paths.first().map(|path| ("path", path.span));
        let method = expose.methods.as_ref().map(|said| ("method", said.span));
        let timeout = expose.timeout.as_ref().map(|said| ("timeout", said.span));
        let retry = expose.retry.as_ref().map(|said| ("retry", said.span));
        let rewrite = expose.rewrite.as_ref().map(|said| ("rewrite", said.span));
        let token = expose.tokens.first().map(|said| ("require-token", said.span));
        let actions = expose.actions.iter().flat_map(|actions| actions.words());
        path.into_iter().chain(method).chain(timeout).chain(retry).chain(rewrite).chain(token).chain(actions)
    });
    for (word, span) in said {
        let word = if word == "path" { "a path".to_owned() } else { format!("`{word}`") };
        found.push(
            Diagnostic::new(&HTTP_ON_TCP, format!("{word} is about requests, and `{door}` hands on connections"))
                .at(span, "would be ignored")
                .note("what a gateway hands on without ending TLS, or as bytes, has no path, method or answer that it could see")
                .help("take it out, or expose an HTTP port on a listener that speaks http or https"),
        );
    }
}
