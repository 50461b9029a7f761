use super::decode::{Decoder, argument, property};
use super::grammar::{Place, Repeats, Word};
use super::{Said, Switch};
use crate::source::Spanned;
use crate::syntax::{Entry, Node};
use crate::value::{Duration, Percent};

const BOTH: &[Place] = &[Place::Breaker, Place::PortBreaker];

/// A row of a limit or threshold with one argument.
const fn row(name: &'static str, shape: &'static str, meaning: &'static str) -> Word {
    Word::once(name, BOTH, shape, meaning)
}

const HOLDERS: &[Place] =
    &[Place::Mesh, Place::Namespace, Place::Profile, Place::Service, Place::Version, Place::External];

/// A row of the word itself, which opens another block at a port.
const fn holder(places: &'static [Place], block: Place) -> Word {
    Word {
        name: "breaker",
        places,
        shape: "{ } | off",
        arguments: (0, 1),
        properties: &[],
        block: Some(block),
        repeats: Repeats::Once,
        meaning: "When calls are cut off: limits, and the errors that eject a pod; counted in each caller's proxy.",
    }
}

pub(super) const WORDS: &[Word] = &[
    holder(HOLDERS, Place::Breaker),
    holder(&[Place::Port], Place::PortBreaker),
    row("consecutive-5xx", "N", "Answers of 500 and up in a row that eject a pod."),
    row("consecutive-gateway-errors", "N", "Answers of 502, 503 and 504 in a row that eject a pod."),
    row("consecutive-local-errors", "N", "Failed connections in a row that eject a pod, counted apart from answers."),
    row("interval", "DURATION", "How often pods are looked at; 10s."),
    row("base-ejection", "DURATION", "How long a pod is out the first time; each time longer; 30s."),
    row("max-ejection", "PERCENT", "How much of the pods may be out at once; 50."),
    row("min-healthy", "PERCENT", "Below this share of healthy pods nobody is out any more; 0."),
    row("connections", "N", "Open connections from one caller's proxy."),
    row("pending-requests", "N", "Requests that wait for a connection."),
    row("requests", "N", "Requests under way at once."),
    row("requests-per-connection", "N", "Requests after which a connection is closed."),
    row("retries", "N", "Retries under way at once."),
    Word {
        name: "retry-budget",
        places: &[Place::Breaker],
        shape: "PERCENT minimum=N interval=DURATION",
        arguments: (1, 1),
        properties: &["minimum", "interval"],
        block: None,
        repeats: Repeats::Once,
        meaning: "Retries under way as a share of the requests under way.",
    },
];

/// The parts of `breaker`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Breaker {
    /// 5xx answers in a row that eject.
    pub consecutive_5xx: Said<u32>,
    /// 502, 503 and 504 in a row that eject.
    pub consecutive_gateway_errors: Said<u32>,
    /// Failed connections in a row that eject.
    pub consecutive_local_errors: Said<u32>,
    /// How often pods are looked at.
    pub interval: Said<Duration>,
    /// How long a pod is out the first time.
    pub base_ejection: Said<Duration>,
    /// How much may be out at once.
    pub max_ejection: Said<Percent>,
    /// Below which share of healthy pods nobody is out.
    pub min_healthy: Said<Percent>,
    /// Open connections.
    pub connections: Said<u32>,
    /// Waiting requests.
    pub pending_requests: Said<u32>,
    /// Requests under way.
    pub requests: Said<u32>,
    /// Requests after which a connection is closed.
    pub requests_per_connection: Said<u32>,
    /// Retries under way.
    pub retries: Said<u32>,
    /// Retries as a share of requests.
    pub retry_budget: Option<Box<RetryBudget>>,
}

/// The parts of `retry-budget`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RetryBudget {
    /// The share.
    pub percent: Spanned<Percent>,
    /// How many are allowed whatever the share.
    pub minimum: Said<u32>,
    /// Over which time requests are counted.
    pub interval: Said<Duration>,
}

/// Reads `breaker { }` or `breaker off`; `place` is the block it opens.
pub(super) fn decode(decoder: &mut Decoder<'_>, node: &Node<'_>, place: Place) -> Said<Switch<Box<Breaker>>> {
    if let Some(span) = decoder.off(node) {
        return Some(Spanned::new(Switch::Off, span));
    }
    if let Some(entry) = argument(node, 0) {
        decoder.choice(entry, &[("off", ())]);
        return None;
    }
    let mut breaker = Breaker::default();
    decoder.children(node, place, |decoder, word, child| part(decoder, &mut breaker, word, child));
    Some(Spanned::new(Switch::On(Box::new(breaker)), node.name.span))
}

fn part(decoder: &mut Decoder<'_>, breaker: &mut Breaker, word: &'static Word, node: &Node<'_>) {
    let Some(entry) = argument(node, 0) else { return };
    match word.name {
        "consecutive-5xx" => breaker.consecutive_5xx = decoder.count(entry),
        "consecutive-gateway-errors" => breaker.consecutive_gateway_errors = decoder.count(entry),
        "consecutive-local-errors" => breaker.consecutive_local_errors = decoder.count(entry),
        "interval" => breaker.interval = decoder.value(entry),
        "base-ejection" => breaker.base_ejection = decoder.value(entry),
        "max-ejection" => breaker.max_ejection = decoder.percent(entry),
        "min-healthy" => breaker.min_healthy = decoder.percent(entry),
        "connections" => breaker.connections = decoder.count(entry),
        "pending-requests" => breaker.pending_requests = decoder.count(entry),
        "requests" => breaker.requests = decoder.count(entry),
        "requests-per-connection" => breaker.requests_per_connection = decoder.count(entry),
        "retries" => breaker.retries = decoder.count(entry),
        _ => breaker.retry_budget = retry_budget(decoder, node, entry),
    }
}

fn retry_budget(decoder: &mut Decoder<'_>, node: &Node<'_>, percent: &Entry<'_>) -> Option<Box<RetryBudget>> {
    let minimum = property(node, "minimum").and_then(|entry| decoder.count(entry));
    let interval = property(node, "interval").and_then(|entry| decoder.value(entry));
    Some(Box::new(RetryBudget { percent: decoder.percent(percent)?, minimum, interval }))
}
