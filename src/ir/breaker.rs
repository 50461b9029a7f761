use crate::source::Decided;
use crate::value::{Duration, Percent};

/// When calls are cut off; every part that nobody says is absent, except those that ejection cannot do without.
#[derive(Clone, Debug, Default)]
pub struct Breaker {
    /// 5xx answers in a row that eject.
    pub consecutive_5xx: Option<Decided<u32>>,
    /// 502, 503 and 504 in a row that eject.
    pub consecutive_gateway_errors: Option<Decided<u32>>,
    /// Failed connections in a row that eject, counted apart from answers.
    pub consecutive_local_errors: Option<Decided<u32>>,
    /// How often pods are looked at.
    pub interval: Option<Decided<Duration>>,
    /// How long a pod is out the first time.
    pub base_ejection: Option<Decided<Duration>>,
    /// How much may be out at once.
    pub max_ejection: Option<Decided<Percent>>,
    /// Below which share of healthy pods nobody is out.
    pub min_healthy: Option<Decided<Percent>>,
    /// Open connections.
    pub connections: Option<Decided<u32>>,
    /// Waiting requests.
    pub pending_requests: Option<Decided<u32>>,
    /// Requests under way.
    pub requests: Option<Decided<u32>>,
    /// Requests after which a connection is closed.
    pub requests_per_connection: Option<Decided<u32>>,
    /// Retries under way.
    pub retries: Option<Decided<u32>>,
    /// Retries as a share of requests.
    pub retry_budget: Option<Decided<RetryBudget>>,
}

/// Retries as a share of the requests under way.
#[derive(Clone, Debug)]
pub struct RetryBudget {
    /// The share.
    pub percent: Percent,
    /// How many are allowed whatever the share.
    pub minimum: Option<u32>,
    /// Over which time requests are counted.
    pub interval: Option<Duration>,
}

impl Breaker {
    /// Whether something ejects pods.
    pub fn ejects(&self) -> bool {
        self.consecutive_5xx.is_some()
            || self.consecutive_gateway_errors.is_some()
            || self.consecutive_local_errors.is_some()
    }

    /// Whether a limit counts requests, which only HTTP has.
    pub fn has_request_limit(&self) -> bool {
        self.pending_requests.is_some()
            || self.requests.is_some()
            || self.requests_per_connection.is_some()
            || self.retries.is_some()
    }

    /// Whether there is a limit of any kind.
    pub fn has_limit(&self) -> bool {
        self.connections.is_some() || self.has_request_limit()
    }

    /// Whether no part of it is said, those included that do nothing alone.
    pub fn is_unsaid(&self) -> bool {
        let shape = self.interval.is_some()
            || self.base_ejection.is_some()
            || self.max_ejection.is_some()
            || self.min_healthy.is_some();
        self.is_empty() && !shape
    }

    /// Whether nothing in it has an effect.
    pub fn is_empty(&self) -> bool {
        !self.ejects() && !self.has_limit() && self.retry_budget.is_none()
    }
}
