//! What may refuse a request that everything lets through: limits, which count others' requests too.

use super::answer::{Answer, Fact, Topic, Verdict};
use super::can::is_http;
use crate::ir::{Breaker, Port, RateLimit, Resilience, Service};
use crate::source::Span;

/// An answer with what can refuse the same request under load.
pub(super) fn considered(service: &Service, port: &Port, mut answer: Answer) -> Answer {
    if !matches!(answer.verdict, Verdict::Yes | Verdict::Depends(_)) {
        return answer;
    }
    let mut say = |text: String, span| answer.facts.push(Fact { topic: Topic::Limits, text, span });
    if is_http(port) && !service.rate_limits.is_empty() && service.data_plane.has_proxy() {
        let told: Vec<String> = service.rate_limits.iter().map(rate).collect();
        let span = service.rate_limits.iter().find_map(|limit| limit.origin.span);
        say(format!("429 under load: beyond {} to a pod", told.join(" or ")), span);
    }
    let own = port.resilience.as_deref().unwrap_or(&service.resilience);
    if let Some((text, span)) = breaker(own) {
        say(text, span);
    }
    answer
}

fn rate(limit: &RateLimit) -> String {
    format!("{} requests in {}", limit.requests.value, limit.per.value)
}

/// What a breaker refuses; pods that it takes out leave others to answer.
fn breaker(resilience: &Resilience) -> Option<(String, Option<Span>)> {
    let breaker = resilience.breaker.as_deref()?;
    let Breaker { connections, pending_requests, requests, .. } = breaker;
    let limits = [("connections", connections), ("waiting requests", pending_requests), ("requests at once", requests)];
    let said: Vec<(String, Option<Span>)> = limits
        .into_iter()
        .filter_map(|(of, limit)| limit.as_ref().map(|limit| (format!("{} {of}", limit.value), limit.span())))
        .collect();
    let (_, span) = said.first()?;
    let told: Vec<&str> = said.iter().map(|(text, _)| text.as_str()).collect();
    Some((format!("503 under load: beyond {} from one proxy", told.join(" or ")), *span))
}
