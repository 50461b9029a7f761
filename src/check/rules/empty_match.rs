use crate::check::Subject;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ir::{Lines, Mesh, Paths, Peer, RequestMatch, Service};
use crate::source::Span;
use crate::value::{Method, Scheme};

pub(super) static CODE: Code = code!("empty-match", Error, "a match that no request meets");

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    for service in &subject.mesh.services {
        let canary = service.canary.iter().flat_map(|canary| &canary.matches);
        for request in canary.chain(service.routes.iter().flat_map(|route| &route.matches)) {
            if let Some((span, fact)) = excluded(service, request).or_else(|| unreached(subject.mesh, service, request))
            {
                found.push(fault(request, span, &fact));
            }
        }
    }
}

fn fault(request: &RequestMatch, span: Option<Span>, fact: &str) -> Diagnostic {
    Diagnostic::new(&CODE, "no request meets this `match`")
        .at_known(span.or(request.origin.span), fact)
        .note("all lines of a `match` must hold, and none of its `not`: what is asked for here and left out again is nothing")
        .help("take out what asks for nothing, or the whole `match`")
}

/// What leaves out everything that is asked for.
fn excluded(service: &Service, request: &RequestMatch) -> Option<(Option<Span>, String)> {
    let not = request.not.as_deref()?;
    let Lines { methods, paths, schemes, ports, .. } = not;
    if methods.contains(&Method::Any) {
        return Some((None, "`not` leaves out every method".to_owned()));
    }
    let mut patterns = paths.iter().filter_map(|set| match set {
        Paths::Patterns { patterns, ignore_case: _ } => patterns.iter().find(|path| path.value.is_all()),
        Paths::Regex(_) => None,
    });
    if let Some(path) = patterns.next() {
        return Some((Some(path.span), "every path is left out".to_owned()));
    }
    let asked = &request.lines.schemes;
    let is_left = |scheme: Scheme| (asked.is_empty() || asked.contains(&scheme)) && !schemes.contains(&scheme);
    if !schemes.is_empty() && !Scheme::ALL.iter().any(|(_, scheme)| is_left(*scheme)) {
        return Some((None, "no scheme is left".to_owned()));
    }
    let asked = &request.lines.ports;
    let is_asked = |number| asked.is_empty() || asked.iter().any(|port| port.value == number);
    let mut left = service.http_ports().map(|port| port.number.value).filter(|number| is_asked(*number));
    let first = ports.first()?;
    let none = left.all(|number| ports.iter().any(|port| port.value == number));
    none.then(|| (Some(first.span), "no port is left".to_owned()))
}

/// A gateway by which nothing comes to the service.
fn unreached(mesh: &Mesh, service: &Service, request: &RequestMatch) -> Option<(Option<Span>, String)> {
    let first = request.lines.from.first()?;
    let comes = |peer: Peer| match peer {
        Peer::Gateway(id) => service.exposures.iter().any(|exposure| exposure.gateway == id),
        Peer::Service(_)
        | Peer::Workload(_)
        | Peer::Namespace(_)
        | Peer::Address(_)
        | Peer::AnyoneInMesh
        | Peer::Anyone
        | Peer::KubeApi => true,
    };
    let is_empty = !request.lines.from.iter().any(|caller| comes(caller.peer));
    let name = first.peer.name(mesh, service.namespace);
    is_empty
        .then(|| (Some(first.span), format!("`{}` is not exposed there, so nothing comes from `{name}`", service.name)))
}
