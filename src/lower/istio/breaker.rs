use crate::ir::Breaker;
use crate::manifest::Traced;
use crate::manifest::istio::{OutlierDetection, RetryBudget};
use crate::source::Decided;
use crate::value::{Duration, Percent};

/// A number, or none.
pub(super) fn count(said: Option<&Decided<u32>>) -> Option<Traced<u32>> {
    said.map(Traced::from)
}

fn percent(said: Option<&Decided<Percent>>) -> Option<Traced<u8>> {
    said.map(|said| Traced::new(said.value.number(), said.origin))
}

/// A duration as Istio writes it.
pub(super) fn duration(said: &Decided<Duration>) -> Traced<String> {
    Traced::new(said.value.to_string(), said.origin)
}

/// An ejection that ejects nobody.
pub(super) fn no_ejection() -> OutlierDetection {
    OutlierDetection { consecutive_5xx_errors: Some(Traced::plain(0)), ..OutlierDetection::default() }
}

/// A budget as large as the requests themselves.
pub(super) fn no_retry_budget() -> Traced<RetryBudget> {
    Traced::plain(RetryBudget { percent: 100, min_retry_concurrency: None, budget_interval: None })
}

/// The ejection of a breaker. Every part is written: Istio's own default of `maxEjectionPercent` ejects nobody from a
/// service of fewer than ten pods, and a `consecutive5xxErrors` that is left out ejects after five.
pub(super) fn ejection(breaker: &Breaker) -> Option<OutlierDetection> {
    let local = breaker.consecutive_local_errors.as_ref();
    breaker.ejects().then(|| OutlierDetection {
        split_external_local_origin_errors: local.map(|said| Traced::new(true, said.origin)),
        consecutive_local_origin_failures: count(local),
        consecutive_gateway_errors: count(breaker.consecutive_gateway_errors.as_ref()),
        consecutive_5xx_errors: Some(count(breaker.consecutive_5xx.as_ref()).unwrap_or_else(|| Traced::plain(0))),
        interval: breaker.interval.as_ref().map(duration),
        base_ejection_time: breaker.base_ejection.as_ref().map(duration),
        max_ejection_percent: percent(breaker.max_ejection.as_ref()),
        min_health_percent: percent(breaker.min_healthy.as_ref()),
    })
}

/// The retries that a breaker allows.
pub(super) fn retry_budget(breaker: &Breaker) -> Option<Traced<RetryBudget>> {
    let budget = |said: &Decided<crate::ir::RetryBudget>| {
        let value = &said.value;
        let budget = RetryBudget {
            percent: value.percent.number(),
            min_retry_concurrency: value.minimum,
            budget_interval: value.interval.map(|interval| interval.to_string()),
        };
        Traced::new(budget, said.origin)
    };
    breaker.retry_budget.as_ref().map(budget)
}
