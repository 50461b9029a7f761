use crate::source::{Decided, Origin};
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

    /// This breaker with what `other` says that `base`, from which both come, does not.
    #[must_use]
    pub fn with_own_of(&self, other: &Breaker, base: &Breaker) -> Breaker {
        Breaker {
            consecutive_5xx: laid(&self.consecutive_5xx, &other.consecutive_5xx, &base.consecutive_5xx),
            consecutive_gateway_errors: laid(
                &self.consecutive_gateway_errors,
                &other.consecutive_gateway_errors,
                &base.consecutive_gateway_errors,
            ),
            consecutive_local_errors: laid(
                &self.consecutive_local_errors,
                &other.consecutive_local_errors,
                &base.consecutive_local_errors,
            ),
            interval: laid(&self.interval, &other.interval, &base.interval),
            base_ejection: laid(&self.base_ejection, &other.base_ejection, &base.base_ejection),
            max_ejection: laid(&self.max_ejection, &other.max_ejection, &base.max_ejection),
            min_healthy: laid(&self.min_healthy, &other.min_healthy, &base.min_healthy),
            connections: laid(&self.connections, &other.connections, &base.connections),
            pending_requests: laid(&self.pending_requests, &other.pending_requests, &base.pending_requests),
            requests: laid(&self.requests, &other.requests, &base.requests),
            requests_per_connection: laid(
                &self.requests_per_connection,
                &other.requests_per_connection,
                &base.requests_per_connection,
            ),
            retries: laid(&self.retries, &other.retries, &base.retries),
            retry_budget: laid(&self.retry_budget, &other.retry_budget, &base.retry_budget),
        }
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

fn laid<T: Clone>(
    own: &Option<Decided<T>>,
    other: &Option<Decided<T>>,
    base: &Option<Decided<T>>,
) -> Option<Decided<T>> {
    let origin = |said: &Option<Decided<T>>| said.as_ref().map(|said| said.origin);
    let says_nothing = origin(other) == origin(base) || (origin(other) == Some(Origin::BUILT_IN) && own.is_some());
    if says_nothing { own.clone() } else { other.clone() }
}
