use crate::check::Subject;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ir::{Actions, External, Retry};
use crate::source::Origin;

pub(super) static CODE: Code = code!("http-on-tls", Error, "a word about requests on an external that shows none");

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    for external in subject.mesh.externals.iter().filter(|external| external.http_ports().next().is_none()) {
        for (word, origin) in about_requests(external) {
            found.push(
                Diagnostic::new(&CODE, format!("`{word}` is about requests, and no port of `{}` shows any", external.name))
                    .at_known(origin.span, "would be ignored")
                    .note("a proxy sees the server name of TLS and the bytes of TCP, never the requests inside: Istio ignores HTTP rules there without a word")
                    .help("take it out; or let the application speak plain and the proxy speak TLS: `port 80 http { originate-tls }`"),
            );
        }
    }
}

/// The words about requests that an external says.
fn about_requests(external: &External) -> Vec<(&'static str, Origin)> {
    let timeout = external.timeout.iter().map(|said| ("timeout", said.origin));
    let retry = match &external.retry {
        Retry::Unsaid => None,
        Retry::Off(origin) => Some(("retry", *origin)),
        Retry::On(retries) => Some(("retry", retries.attempts.origin)),
    };
    let breaker = external.resilience.breaker.as_deref();
    let limits = breaker.into_iter().flat_map(|breaker| {
        let limits = [
            ("pending-requests", &breaker.pending_requests),
            ("requests", &breaker.requests),
            ("requests-per-connection", &breaker.requests_per_connection),
            ("retries", &breaker.retries),
        ];
        limits.into_iter().filter_map(|(word, said)| Some((word, said.as_ref()?.origin)))
    });
    let budget = breaker.and_then(|breaker| breaker.retry_budget.as_ref()).map(|said| ("retry-budget", said.origin));
    let connection = external.resilience.connection.as_deref();
    let of_http = connection.into_iter().flat_map(|connection| {
        let upgrade = connection.http2_upgrade.as_ref().map(|said| ("http2-upgrade", said.origin));
        let client = connection.client_protocol.as_ref().map(|said| ("client-protocol", said.origin));
        let streams = connection.concurrent_streams.as_ref().map(|said| ("concurrent-streams", said.origin));
        let keepalive = connection.http2_keepalive.as_ref().map(|said| ("http2-keepalive", said.origin));
        [upgrade, client, streams, keepalive].into_iter().flatten()
    });
    let actions = external.actions.as_deref().map(Actions::said).unwrap_or_default();
    timeout.chain(retry).chain(limits).chain(budget).chain(of_http).chain(actions).collect()
}
