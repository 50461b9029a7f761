use super::part;
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
        let mut laid = Breaker {
            consecutive_5xx: part(
                self.consecutive_5xx.as_ref(),
                other.consecutive_5xx.as_ref(),
                base.consecutive_5xx.as_ref(),
            ),
            consecutive_gateway_errors: part(
                self.consecutive_gateway_errors.as_ref(),
                other.consecutive_gateway_errors.as_ref(),
                base.consecutive_gateway_errors.as_ref(),
            ),
            consecutive_local_errors: part(
                self.consecutive_local_errors.as_ref(),
                other.consecutive_local_errors.as_ref(),
                base.consecutive_local_errors.as_ref(),
            ),
            interval: part(self.interval.as_ref(), other.interval.as_ref(), base.interval.as_ref()),
            base_ejection: part(self.base_ejection.as_ref(), other.base_ejection.as_ref(), base.base_ejection.as_ref()),
            max_ejection: part(self.max_ejection.as_ref(), other.max_ejection.as_ref(), base.max_ejection.as_ref()),
            min_healthy: part(self.min_healthy.as_ref(), other.min_healthy.as_ref(), base.min_healthy.as_ref()),
            connections: part(self.connections.as_ref(), other.connections.as_ref(), base.connections.as_ref()),
            pending_requests: part(
                self.pending_requests.as_ref(),
                other.pending_requests.as_ref(),
                base.pending_requests.as_ref(),
            ),
            requests: part(self.requests.as_ref(), other.requests.as_ref(), base.requests.as_ref()),
            requests_per_connection: part(
                self.requests_per_connection.as_ref(),
                other.requests_per_connection.as_ref(),
                base.requests_per_connection.as_ref(),
            ),
            retries: part(self.retries.as_ref(), other.retries.as_ref(), base.retries.as_ref()),
            retry_budget: part(self.retry_budget.as_ref(), other.retry_budget.as_ref(), base.retry_budget.as_ref()),
        };
        if laid.ejects() {
            laid.interval = laid.interval.or_else(|| other.interval.clone());
            laid.base_ejection = laid.base_ejection.or_else(|| other.base_ejection.clone());
            laid.max_ejection = laid.max_ejection.or_else(|| other.max_ejection.clone());
            laid.min_healthy = laid.min_healthy.or_else(|| other.min_healthy.clone());
        }
        laid
    }

    /// Who said the last of it.
    pub fn origin(&self) -> Origin {
        let counts = [
            &self.consecutive_5xx,
            &self.consecutive_gateway_errors,
            &self.consecutive_local_errors,
            &self.connections,
            &self.pending_requests,
            &self.requests,
            &self.requests_per_connection,
            &self.retries,
        ];
        let counts = counts.into_iter().flatten().map(|said| said.origin);
        let times = [&self.interval, &self.base_ejection].into_iter().flatten().map(|said| said.origin);
        let shares = [&self.max_ejection, &self.min_healthy].into_iter().flatten().map(|said| said.origin);
        let all = counts.chain(times).chain(shares).chain(self.retry_budget.iter().map(|said| said.origin));
        all.max_by_key(|origin| origin.layer).unwrap_or(Origin::BUILT_IN)
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
