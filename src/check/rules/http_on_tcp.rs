use crate::check::Subject;
use crate::check::access::is_own;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ir::{Conditions, Gateway, Listener, Service};
use crate::source::Span;
use crate::value::ProtocolKind;

pub(super) static CODE: Code = code!("http-on-tcp", Error, "a word about requests on a port that has none");

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    for service in subject.mesh.services.iter().filter(|service| !service.ports.is_empty()) {
        let nodes = service.grants.iter().chain(&service.denials);
        // A default that does not fit does not reach the service.
        for node in nodes.filter(|node| is_own(node.origin)) {
            check(service, &node.conditions, first(&node.conditions), found);
        }
        for rule in service.tokens.iter().filter(|rule| is_own(rule.token.origin)) {
            let token = rule.token.origin.span.map(|span| ("require-token", span));
            check(service, &rule.conditions, token, found);
        }
        // To ask is itself about requests.
        for ask in service.asks.iter().filter(|ask| is_own(ask.origin)) {
            check(service, &ask.conditions, ask.origin.span.map(|span| ("authorize", span)), found);
        }
    }
    for gateway in &subject.mesh.gateways {
        for node in gateway.grants.iter().chain(&gateway.denials) {
            found.extend(at_gateway(gateway, &node.conditions));
        }
    }
}

/// A condition about requests at a gateway of whose listeners it names none that takes requests.
fn at_gateway(gateway: &Gateway, conditions: &Conditions) -> Option<Diagnostic> {
    let (word, span) = first(conditions)?;
    let named = |listener: &&Listener| conditions.holds_port(listener.number.value);
    if gateway.listeners.iter().filter(named).any(|listener| listener.kind() == ProtocolKind::Http) {
        return None;
    }
    let fault = Diagnostic::new(&CODE, format!("`{word}` is about requests, and no listener that is meant takes any"))
        .at(span, "would be ignored")
        .help("name a listener that speaks http or https, or take this out");
    Some(with_reason(fault))
}

fn check(service: &Service, conditions: &Conditions, first: Option<(&'static str, Span)>, found: &mut Diagnostics) {
    let Some((word, span)) = first else { return };
    if service.http_ports().next().is_none() {
        found.push(with_reason(
            Diagnostic::new(&CODE, format!("`{word}` is about requests, and this service has no HTTP port"))
                .at(span, "would be ignored")
                .help("declare a port that speaks HTTP, or take this out"),
        ));
        return;
    }
    for said in &conditions.ports {
        if service.port(said.value).is_some_and(|port| !port.is_http()) {
            found.push(with_reason(
                Diagnostic::new(&CODE, format!("port `{}` does not speak HTTP", said.value))
                    .at(said.span, "has no requests")
                    .related(span, format!("`{word}` is about requests"))
                    .help("take this port out, or give it a node of its own without a condition about requests"),
            ));
        }
    }
}

/// The first condition about requests, by its word.
fn first(conditions: &Conditions) -> Option<(&'static str, Span)> {
    let methods = conditions.methods.as_ref().map(|said| ("method", said.span));
    let path = conditions.paths.first().map(|said| ("path", said.span));
    let host = conditions.hosts.first().map(|said| ("host", said.span));
    let header = conditions.headers.first().map(|said| ("header", said.name.span));
    let token = conditions.tokens.first().and_then(|token| token.origin.span).map(|span| ("require-token", span));
    let not = conditions.not.as_deref().and_then(first);
    [methods, path, host, header, token, not].into_iter().flatten().min_by_key(|(_, span)| *span)
}

fn with_reason(fault: Diagnostic) -> Diagnostic {
    fault.note("on such a port Istio drops a grant with a condition about requests whole, and takes the condition out of a denial, which then denies everything")
}
