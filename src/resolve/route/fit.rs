use super::Laid;
use crate::diagnostic::{Diagnostic, Diagnostics, and_list};
use crate::intent::{self, MISPLACED_CONDITION};
use crate::ir::{Lines, Paths, RequestMatch, Service};
use crate::resolve::codes::{HTTP_ON_TCP, MATCH_NOT_EXPRESSIBLE, UNKNOWN_PORT};
use crate::source::{Span, Spanned};
use crate::value::{self, ProtocolKind};

/// Which traffic a route is about: that of the ports that it names, else the requests of the service, else its TLS
/// connections, else its connections.
pub(super) fn kind(service: &Service, laid: &Laid<'_>, found: &mut Diagnostics) -> Option<ProtocolKind> {
    let mut first: Option<(&Spanned<value::Port>, ProtocolKind)> = None;
    for said in laid.matches.iter().flat_map(|request| &request.lines.ports) {
        let Some(port) = service.port(said.value) else {
            found.push(unknown_port(service, said));
            continue;
        };
        let kind = port.protocol.kind();
        match first {
            None => first = Some((said, kind)),
            Some((other, before)) if before != kind => {
                found.push(mixed(said, other));
                return None;
            }
            Some(_) => {}
        }
    }
    let has = |kind| service.ports.iter().any(|port| port.protocol.kind() == kind);
    let unsaid = [ProtocolKind::Http, ProtocolKind::Tls, ProtocolKind::Tcp].into_iter().find(|kind| has(*kind));
    first.map(|(_, kind)| kind).or(unsaid)
}

fn unknown_port(service: &Service, said: &Spanned<value::Port>) -> Diagnostic {
    let numbers: Vec<String> = service.ports.iter().map(|port| port.number.value.to_string()).collect();
    Diagnostic::new(&UNKNOWN_PORT, format!("`{}` has no port `{}`", service.name, said.value))
        .at(said.span, "no `port` has this number")
        .note("routes name ports by the number of the Service, which is the one that callers dial")
        .help(format!("its ports are {}", and_list(numbers.iter().map(String::as_str))))
}

fn mixed(said: &Spanned<value::Port>, other: &Spanned<value::Port>) -> Diagnostic {
    Diagnostic::new(&MATCH_NOT_EXPRESSIBLE, "a route is about ports that speak the same")
        .at(said.span, "traffic of another kind")
        .related(other.span, "traffic of this kind")
        .note("rules for requests, for TLS connections and for TCP connections are three lists in Istio")
        .help("write a route of its own for each kind")
}

/// Reports what a route says that its traffic does not know.
pub(super) fn check(service: &Service, laid: &Laid<'_>, kind: ProtocolKind, found: &mut Diagnostics) {
    for request in &laid.matches {
        match kind {
            ProtocolKind::Http => refuse_connection_words(request, found),
            ProtocolKind::Tls | ProtocolKind::Tcp => refuse_request_lines(request, found),
        }
        if kind == ProtocolKind::Tcp {
            refuse_server_names(request, found);
        }
    }
    if kind == ProtocolKind::Http {
        return;
    }
    let has_http = service.http_ports().next().is_some();
    for (_, node) in &laid.pieces {
        for (word, span) in request_words(node) {
            found.push(about_requests(word, span, has_http));
        }
    }
}

fn about_requests(word: &str, span: Span, has_http: bool) -> Diagnostic {
    let place = if has_http { "the ports of this route do not speak HTTP" } else { "this service has no HTTP port" };
    Diagnostic::new(&HTTP_ON_TCP, format!("`{word}` is about requests, and {place}"))
        .at(span, "would be ignored")
        .note("Istio ignores HTTP rules for a port that is declared as TCP or TLS, without a word")
        .help("routes of connections know `match`, `to` and `split` alone: declare a port that speaks HTTP, or take this out")
}

/// The words of a route that only requests have.
fn request_words(node: &intent::Route) -> Vec<(&'static str, Span)> {
    let intent::Route {
        name: _,
        position: _,
        matches: _,
        action,
        rewrite,
        timeout,
        retry,
        actions,
        mirrors,
        removals: _,
        span: _,
    } = node;
    let action = action.as_ref().and_then(|said| match &said.value {
        intent::Action::To(_) | intent::Action::Split(_) => None,
        intent::Action::Redirect(_) => Some(("redirect", said.span)),
        intent::Action::Respond(_) => Some(("respond", said.span)),
    });
    let rest = [
        action,
        rewrite.as_ref().map(|said| ("rewrite", said.span)),
        timeout.as_ref().map(|said| ("timeout", said.span)),
        retry.as_ref().map(|said| ("retry", said.span)),
    ];
    let actions = actions.iter().flat_map(|actions| actions.words());
    let actions = actions.map(|(word, span)| (word.trim_matches('`'), span));
    let mirrors = mirrors.first().map(|mirror| ("mirror", mirror.span));
    rest.into_iter().flatten().chain(actions).chain(mirrors).collect()
}

fn refuse_request_lines(request: &RequestMatch, found: &mut Diagnostics) {
    if let Some(span) = request.not.as_ref().and(request.origin.span) {
        found.push(
            about_requests("not", span, false)
                .note("Istio can exclude requests by their headers, and nothing of a connection"),
        );
        return;
    }
    let Some(all) = request.origin.span else { return };
    for (word, span) in request_lines(&request.lines) {
        found.push(about_requests(word, span.unwrap_or(all), false));
    }
}

/// The lines that only requests have, and where they are said as far as that is known.
fn request_lines(lines: &Lines) -> Vec<(&'static str, Option<Span>)> {
    let Lines {
        headers,
        cookies,
        queries,
        claims,
        methods,
        paths,
        hosts,
        schemes,
        ports: _,
        from: _,
        server_names: _,
        destinations: _,
    } = lines;
    let path = paths.first().map(|set| match set {
        Paths::Patterns { patterns, ignore_case: _ } => ("path", patterns.first().map(|path| path.span)),
        Paths::Regex(regex) => ("path", Some(regex.span)),
    });
    let named = |word, first: Option<Span>| first.map(|span| (word, Some(span)));
    let said = [
        named("header", headers.first().map(|(name, _)| name.span)),
        named("cookie", cookies.first().map(|(name, _)| name.span)),
        named("query", queries.first().map(|(name, _)| name.span)),
        named("claim", claims.first().map(|claim| claim.name.span)),
        (!methods.is_empty()).then_some(("method", None)),
        path,
        named("host", hosts.first().map(|host| host.span)),
        (!schemes.is_empty()).then_some(("scheme", None)),
    ];
    said.into_iter().flatten().collect()
}

fn refuse_connection_words(request: &RequestMatch, found: &mut Diagnostics) {
    let names = request.lines.server_names.first().map(|said| ("sni", said.span));
    let addresses = request.lines.destinations.first().map(|said| ("destination", said.span));
    for (word, span) in names.into_iter().chain(addresses) {
        found.push(
            Diagnostic::new(
                &MISPLACED_CONDITION,
                format!("`{word}` is about connections, and this route is about requests"),
            )
            .at(span, "no request has it")
            .help("name a port that speaks TLS or TCP: `port NUMBER`; of a request write `host` instead"),
        );
    }
}

fn refuse_server_names(request: &RequestMatch, found: &mut Diagnostics) {
    if let Some(said) = request.lines.server_names.first() {
        found.push(
            Diagnostic::new(&MISPLACED_CONDITION, "`sni` is about TLS, and the ports of this route do not speak it")
                .at(said.span, "no connection names a server")
                .help("declare the port with `tls` or `https` if its connections are encrypted by the application"),
        );
    }
}
