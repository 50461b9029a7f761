//! A default that does not fit a service does not reach it; the same word on the service itself is a fault.

use super::codes::HTTP_ON_TCP;
use super::data_plane;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::ir::{Ask, Authorizer, Breaker, Connection, Plane, Resilience, Retry, Service, ServiceId};
use crate::source::{Decided, Layer, Origin};
use crate::value::{Duration, ProtocolKind};

const SERVICE: &str = "this service has no HTTP port";
const PORT: &str = "this port does not speak HTTP";

/// Takes from a service the defaults that its data plane or its ports cannot honour, and remembers them.
pub(super) fn defaults(service: &mut Service, found: &mut Diagnostics) {
    let why = match service.data_plane.plane.value {
        Plane::PerPod => None,
        Plane::PerNode => Some("a proxy for each node does not do it"),
        Plane::Outside => Some("its pods have no proxy"),
    };
    if let Some(why) = why {
        let told = service.defaulted();
        data_plane::fit(service);
        service.note_unfit(told, why);
    }
    let has_requests = service.ports.is_empty() || service.http_ports().next().is_some();
    let told = if has_requests { Vec::new() } else { service.defaulted() };
    to_ports(service, found);
    if !has_requests {
        service.note_unfit(told, SERVICE);
    }
}

/// Takes the words about requests from a service that has no HTTP port, and from the ports that are none.
fn to_ports(service: &mut Service, found: &mut Diagnostics) {
    if service.ports.is_empty() {
        return;
    }
    fit_ports(service, found);
    if service.http_ports().next().is_some() {
        return;
    }
    fit_timeout(&mut service.timeout, found);
    match &service.retry {
        Retry::Unsaid => {}
        Retry::Off(origin) => refuse("retry", SERVICE, *origin, found),
        Retry::On(retries) => refuse("retry", SERVICE, retries.attempts.origin, found),
    }
    service.retry = Retry::Unsaid;
    for (word, origin) in service.actions.take().iter().flat_map(|actions| actions.said()) {
        refuse(word, SERVICE, origin, found);
    }
    let versions = service.versions.iter_mut().filter_map(|version| version.resilience.as_deref_mut());
    for resilience in std::iter::once(&mut service.resilience).chain(versions) {
        fit_resilience(resilience, (SERVICE, &Resilience::default()), found);
    }
    service.resilience.breaker.take_if(|breaker| breaker.is_unsaid());
    for rule in std::mem::take(&mut service.tokens) {
        refuse("require-token", SERVICE, rule.token.origin, found);
    }
    if let Some(sticky) = service.canary.as_mut().and_then(|canary| canary.sticky.take()) {
        refuse("sticky", SERVICE, sticky.origin, found);
    }
    for limit in std::mem::take(&mut service.rate_limits) {
        refuse("rate-limit", SERVICE, limit.origin, found);
    }
    if let Some(request) = service.canary.as_ref().and_then(|canary| canary.matches.first()) {
        refuse("match", SERVICE, request.origin, found);
    }
}

/// What is said of a port holds what it has from the service, which is judged with the service.
fn fit_ports(service: &mut Service, found: &mut Diagnostics) {
    for port in service.ports.iter_mut().filter(|port| port.protocol.kind() != ProtocolKind::Http) {
        if let Some(resilience) = &mut port.resilience {
            fit_resilience(resilience, (PORT, &service.resilience), found);
        }
    }
}

fn fit_resilience(said: &mut Resilience, (place, base): (&str, &Resilience), found: &mut Diagnostics) {
    let (no_breaker, no_connection) = (Breaker::default(), Connection::default());
    if let Some(breaker) = &mut said.breaker {
        fit_breaker(breaker, (place, base.breaker.as_deref().unwrap_or(&no_breaker)), found);
    }
    if let Some(connection) = said.connection.take() {
        let base: Vec<_> = base.connection.as_deref().unwrap_or(&no_connection).of_requests().collect();
        for (word, origin) in connection.of_requests().filter(|said| !base.contains(said)) {
            refuse(word, place, origin, found);
        }
        let rest = connection.without_requests();
        said.connection = (!rest.is_unsaid()).then(|| Box::new(rest));
    }
    let hash = said.balance.as_ref().and_then(|balance| balance.value.hash());
    if let Some(key) = hash.map(|hash| &hash.key).filter(|key| key.value.is_about_requests()) {
        let base = base.balance.as_ref().and_then(|balance| balance.value.hash()).map(|hash| hash.key.origin);
        if base != Some(key.origin) {
            refuse(key.value.word(), place, key.origin, found);
        }
        said.balance = None;
    }
}

fn fit_timeout(timeout: &mut Option<Decided<Duration>>, found: &mut Diagnostics) {
    if let Some(timeout) = timeout.take() {
        refuse("timeout", SERVICE, timeout.origin, found);
    }
}

/// Takes the limits of requests away and refuses those that it does not have from `base`. What counts errors stays: of
/// connections without requests, those that fail count as errors.
fn fit_breaker(breaker: &mut Breaker, (place, base): (&str, &Breaker), found: &mut Diagnostics) {
    let limits = [
        ("pending-requests", &mut breaker.pending_requests, &base.pending_requests),
        ("requests", &mut breaker.requests, &base.requests),
        ("requests-per-connection", &mut breaker.requests_per_connection, &base.requests_per_connection),
        ("retries", &mut breaker.retries, &base.retries),
    ];
    for (word, limit, base) in limits {
        let base = base.as_ref().map(|limit| limit.origin);
        if let Some(limit) = limit.take().filter(|limit| Some(limit.origin) != base) {
            refuse(word, place, limit.origin, found);
        }
    }
    let base = base.retry_budget.as_ref().map(|budget| budget.origin);
    if let Some(budget) = breaker.retry_budget.take().filter(|budget| Some(budget.origin) != base) {
        refuse("retry-budget", place, budget.origin, found);
    }
}

/// Takes an `authorize` of a default from services without requests, and from the service that is asked itself, which
/// would wait for its own answer.
pub(super) fn asks(services: &mut [Service], authorizers: &[Authorizer]) {
    for (id, service) in (0..).map(ServiceId).zip(services) {
        let has_requests = service.http_ports().next().is_some();
        let is_asked = |ask: &Ask| {
            authorizers.get(ask.authorizer.0 as usize).is_some_and(|authorizer| authorizer.service.value == id)
        };
        let holds = |ask: &Ask| ask.origin.layer >= Layer::Own || (has_requests && !is_asked(ask));
        let gone: Vec<Ask> = service.asks.iter().filter(|ask| !holds(ask)).cloned().collect();
        service.asks.retain(|ask| holds(ask));
        for ask in gone {
            let name = authorizers.get(ask.authorizer.0 as usize).map_or("", |authorizer| authorizer.name.as_str());
            let why = if has_requests { "this service answers the question itself" } else { SERVICE };
            service.note_unfit_word("authorize", name, ask.origin, why);
        }
    }
}

/// Refuses a word about requests of a service without a port that has some.
pub(super) fn refuse_requests(word: &str, origin: Origin, found: &mut Diagnostics) {
    refuse(word, SERVICE, origin, found);
}

fn refuse(word: &str, place: &str, origin: Origin, found: &mut Diagnostics) {
    if origin.layer < Layer::Own {
        return;
    }
    found.push(
        Diagnostic::new(&HTTP_ON_TCP, format!("`{word}` is about requests, and {place}"))
            .at_known(origin.span, "would be ignored")
            .note("Istio ignores HTTP rules for a port that is declared as TCP or TLS, without a word")
            .help("declare a port that speaks HTTP, or take this out"),
    );
}
