use super::access::nothing_to_remove;
use super::codes::{HTTP_ON_TCP, PORT_NEEDED, UNKNOWN_PORT};
use super::index::Index;
use super::layers::Level;
use super::laying::Laying;
use super::retry;
use super::words::waiver;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::intent::{Expose, Switch};
use crate::ir::{Exposure, Port, Retry};
use crate::source::{Decided, Layer, Origin, Spanned};
use crate::value::{self, Duration, Path};

/// An `expose` node and the layer that says it.
pub(super) type Laid<'i> = (Layer, &'i Expose);

/// Lays the `expose` nodes of a layer over the weaker ones: the same gateway, host and paths said again replace.
pub(super) fn lay<'i>(level: &Level<'i>, into: &mut Vec<Laid<'i>>, found: &mut Diagnostics) {
    for removal in level.bodies.iter().flat_map(|body| &body.words.removals).filter(|removal| removal.word == "expose")
    {
        let before = into.len();
        into.retain(|(_, expose)| expose.gateway.value.text() != &removal.key.value);
        if into.len() == before {
            found.push(nothing_to_remove(removal));
        }
    }
    let weaker = into.len();
    for expose in level.bodies.iter().flat_map(|body| &body.own.exposes) {
        let same = |(_, other): &Laid<'_>| {
            other.gateway.value == expose.gateway.value
                && other.host.value == expose.host.value
                && paths(other) == paths(expose)
        };
        match into.iter().take(weaker).position(same).and_then(|at| into.get_mut(at)) {
            Some(slot) => *slot = (level.layer, expose),
            None => into.push((level.layer, expose)),
        }
    }
}

fn paths(expose: &Expose) -> Vec<&Path> {
    expose.paths.iter().map(|path| &path.value).collect()
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
    (layer, node): Laid<'_>,
    base: &Base<'_>,
    found: &mut Diagnostics,
) -> Option<Exposure> {
    let Expose { gateway, paths, host, port: _, methods, from, timeout, retry, waiver: why, span } = node;
    let gateway = index.gateway(gateway.value.text(), gateway.span, found);
    let port = port(node, base.ports, found);
    let mut laying = Laying::alone(layer, found);
    let mut own_timeout = base.timeout.cloned();
    match timeout.as_ref().map(|said| (&said.value, said.span)) {
        Some((Switch::On(duration), span)) => laying.value(&mut own_timeout, *duration, span, "`timeout`"),
        Some((Switch::Off, _)) => own_timeout = None,
        None => {}
    }
    let mut own_retry = retry::Laid::of(base.retry);
    own_retry.lay(&mut laying, retry.as_ref());
    Some(Exposure {
        gateway: gateway?,
        host: Decided::new(host.value.clone(), Origin::new(layer, host.span)),
        paths: if paths.is_empty() { vec![Spanned::new(Path::all(), *span)] } else { paths.clone() },
        port: port?,
        methods: methods.iter().flat_map(|list| &list.value).map(|method| method.value.clone()).collect(),
        from: from.iter().flat_map(|list| &list.value).copied().collect(),
        timeout: own_timeout,
        retry: own_retry.complete(found),
        origin: Origin::new(layer, *span),
        waiver: waiver(why.as_deref()),
    })
}

fn port(node: &Expose, ports: &[Port], found: &mut Diagnostics) -> Option<value::Port> {
    let fit: Vec<value::Port> = ports.iter().filter(|port| port.is_http()).map(|port| port.number.value).collect();
    let listed =
        |numbers: &[value::Port]| numbers.iter().map(|number| format!("`{number}`")).collect::<Vec<_>>().join(", ");
    if let Some(said) = &node.port {
        if fit.contains(&said.value) {
            return Some(said.value);
        }
        let exists = ports.iter().any(|port| port.number.value == said.value);
        found.push(match exists {
            true => Diagnostic::new(&HTTP_ON_TCP, format!("port `{}` does not speak HTTP", said.value))
                .at(said.span, "a host and paths can be opened on an HTTP port alone"),
            false => Diagnostic::new(&UNKNOWN_PORT, format!("the service has no port `{}`", said.value))
                .at(said.span, "no `port` has this number")
                .help(match fit.as_slice() {
                    [] => "it has no HTTP port to expose".to_owned(),
                    [port] => format!("its HTTP port is `{port}`"),
                    several => format!("its HTTP ports are {}", listed(several)),
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
                Diagnostic::new(&PORT_NEEDED, format!("the service has several HTTP ports: {}", listed(&fit)))
                    .at(node.span, "which of them is meant is not said")
                    .fix(format!("say it, for example `port={first}`"), node.span.end(), format!(" port={first}")),
            );
            None
        }
    }
}
