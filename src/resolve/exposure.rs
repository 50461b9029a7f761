use super::codes::{HTTP_ON_TCP, PORT_NEEDED, UNKNOWN_PORT};
use super::faults::Use;
use super::index::Index;
use super::layers::Level;
use super::laying::{Laying, said_twice};
use super::removals::Removals;
use super::words::waiver;
use super::{order, retry, token};
use crate::diagnostic::{Diagnostic, Diagnostics, and_list};
use crate::intent::Expose;
use crate::ir::{Exposure, Port, Retry};
use crate::source::{Decided, Layer, Origin, Spanned};
use crate::value::{self, Duration, HostPattern, Name, Path};
use std::collections::BTreeMap;

/// The `expose` nodes of one gateway, host and paths with their layers, weakest first; never empty.
pub(super) struct Laid<'i> {
    weakest: (Layer, &'i Expose),
    stronger: Vec<(Layer, &'i Expose)>,
}

/// What one exposure is known by.
type Key<'i> = (&'i Name, &'i HostPattern, Vec<&'i Path>);

fn key(expose: &Expose) -> Key<'_> {
    let mut paths: Vec<&Path> = expose.paths.iter().map(|path| &path.value).collect();
    paths.sort();
    (&expose.gateway.value, &expose.host.value, paths)
}

/// Lays the `expose` nodes of a layer over the weaker ones: the same gateway, host and paths said again are laid over
/// part by part.
pub(super) fn lay<'i>(level: &Level<'i>, into: &mut Vec<Laid<'i>>, found: &mut Diagnostics) {
    let mut removals = Removals::of(level, "expose", |removal| Some(removal.key.value.as_str()));
    removals.take(|gateway| {
        let before = into.len();
        into.retain(|laid| laid.weakest.1.gateway.value.text() != gateway);
        into.len() < before
    });
    let mut weaker: BTreeMap<Key<'i>, usize> =
        into.iter().enumerate().map(|(at, laid)| (key(laid.weakest.1), at)).collect();
    let mut own: BTreeMap<Key<'i>, &'i Expose> = BTreeMap::new();
    for expose in level.bodies.iter().flat_map(|body| &body.own.exposes) {
        let gateway = expose.gateway.value.text();
        removals.check_added(&gateway.as_str(), &format_args!("expose {gateway}"), expose.gateway.span, found);
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

/// What an exposure is laid over: its service's ports and limits.
pub(super) struct Base<'b> {
    pub(super) ports: &'b [Port],
    pub(super) timeout: Option<&'b Decided<Duration>>,
    pub(super) retry: &'b Retry,
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
    let mut tokens_laid = Vec::new();
    let (mut port_said, mut methods_said, mut from_said, mut why_said) = (None, None, None, None);
    for (layer, expose) in std::iter::once(&laid.weakest).chain(&laid.stronger) {
        let Expose {
            gateway: _,
            paths: _,
            host: _,
            port,
            methods,
            from,
            timeout,
            retry,
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
        port_said = port.as_ref().or(port_said);
        methods_said = methods.as_ref().or(methods_said);
        from_said = from.as_ref().or(from_said);
        why_said = waiver.as_deref().or(why_said);
    }
    order::tokens(&mut tokens_laid);
    let gateway = index.gateway(&Use::whole(node.gateway.value.text(), node.gateway.span), found);
    let port = port(node, port_said, base.ports, found);
    Some(Exposure {
        gateway: gateway?,
        host: Decided::new(node.host.value.clone(), Origin::new(layer, node.host.span)),
        paths: if node.paths.is_empty() { vec![Spanned::new(Path::all(), node.span)] } else { node.paths.clone() },
        port: port?,
        methods: methods_said.iter().flat_map(|list| &list.value).map(|method| method.value.clone()).collect(),
        from: from_said.iter().flat_map(|list| &list.value).copied().collect(),
        timeout: own_timeout,
        retry: own_retry.complete(found),
        tokens: tokens_laid,
        origin: Origin::new(layer, node.span),
        waiver: waiver(why_said),
    })
}

fn port(
    node: &Expose,
    said: Option<&Spanned<value::Port>>,
    ports: &[Port],
    found: &mut Diagnostics,
) -> Option<value::Port> {
    let fit: Vec<value::Port> = ports.iter().filter(|port| port.is_http()).map(|port| port.number.value).collect();
    let numbers: Vec<String> = fit.iter().map(ToString::to_string).collect();
    let listed = || and_list(numbers.iter().map(String::as_str));
    if let Some(said) = said {
        if fit.contains(&said.value) {
            return Some(said.value);
        }
        let exists = ports.iter().any(|port| port.number.value == said.value);
        found.push(match exists {
            true => Diagnostic::new(&HTTP_ON_TCP, format!("port `{}` does not speak HTTP", said.value))
                .at(said.span, "a host and paths can be opened on an HTTP port alone")
                .help("name an HTTP port, or say that this one speaks HTTP where it is declared"),
            false => Diagnostic::new(&UNKNOWN_PORT, format!("the service has no port `{}`", said.value))
                .at(said.span, "no `port` has this number")
                .help(match fit.len() {
                    0 => "declare it: `port NUMBER http`".to_owned(),
                    1 => format!("its HTTP port is {}", listed()),
                    _ => format!("its HTTP ports are {}", listed()),
                }),
        });
        return None;
    }
    match fit.as_slice() {
        [port] => Some(*port),
        [] if ports.is_empty() => None,
        [] => {
            found.push(
                Diagnostic::new(&HTTP_ON_TCP, "the service has no HTTP port to expose")
                    .at(node.span, "a host and paths can be opened on an HTTP port alone")
                    .help("declare the port with what it speaks: `port 8080 http`"),
            );
            None
        }
        [first, ..] => {
            found.push(
                Diagnostic::new(&PORT_NEEDED, format!("the service has several HTTP ports: {}", listed()))
                    .at(node.span, "which of them is meant is not said")
                    .fix(format!("say it, for example `port={first}`"), node.span.end(), format!(" port={first}")),
            );
            None
        }
    }
}
