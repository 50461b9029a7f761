//! A default that does not fit a service does not reach it; the same word on the service itself is a fault.

use super::codes::HTTP_ON_TCP;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::ir::{Breaker, Retry, Service};
use crate::source::{Decided, Layer, Origin};
use crate::value::Duration;

/// Takes the words about requests from a service that has no HTTP port.
pub(super) fn to_ports(service: &mut Service, found: &mut Diagnostics) {
    if service.ports.is_empty() || service.http_ports().next().is_some() {
        return;
    }
    fit_timeout(&mut service.timeout, found);
    match &service.retry {
        Retry::Unsaid => {}
        Retry::Off(origin) => refuse("retry", *origin, found),
        Retry::On(retries) => refuse("retry", retries.attempts.origin, found),
    }
    service.retry = Retry::Unsaid;
    if let Some(breaker) = &mut service.breaker {
        fit_breaker(breaker, found);
    }
    service.breaker.take_if(|breaker| breaker.is_empty());
    if let Some(canary) = &service.canary {
        if let Some(request) = canary.matches.first() {
            refuse("match", request.origin, found);
        }
    }
}

fn fit_timeout(timeout: &mut Option<Decided<Duration>>, found: &mut Diagnostics) {
    if let Some(timeout) = timeout.take() {
        refuse("timeout", timeout.origin, found);
    }
}

fn fit_breaker(breaker: &mut Breaker, found: &mut Diagnostics) {
    let limits = [
        ("pending-requests", &mut breaker.pending_requests),
        ("requests", &mut breaker.requests),
        ("requests-per-connection", &mut breaker.requests_per_connection),
        ("retries", &mut breaker.retries),
        ("consecutive-gateway-errors", &mut breaker.consecutive_gateway_errors),
    ];
    for (word, limit) in limits {
        if let Some(limit) = limit.take() {
            refuse(word, limit.origin, found);
        }
    }
    if let Some(budget) = breaker.retry_budget.take() {
        refuse("retry-budget", budget.origin, found);
    }
}

fn refuse(word: &str, origin: Origin, found: &mut Diagnostics) {
    if origin.layer < Layer::Own {
        return;
    }
    found.push(
        Diagnostic::new(&HTTP_ON_TCP, format!("`{word}` is about requests, and this service has no HTTP port"))
            .at_known(origin.span, "would be ignored")
            .note("Istio ignores HTTP rules for a port that is declared as TCP or TLS, without a word")
            .help("declare a port that speaks HTTP, or take this out"),
    );
}
