use super::laying::Laying;
use crate::intent::{self, Said, Switch};
use crate::ir::{Breaker, RetryBudget};
use crate::source::Decided;
use crate::value::{Duration, Percent};

const INTERVAL: Duration = Duration::of_milliseconds(10_000);
const BASE_EJECTION: Duration = Duration::of_milliseconds(30_000);

/// `breaker` as a block says it.
pub(super) type BreakerSaid = Said<Switch<Box<intent::Breaker>>>;

/// Lays `breaker` over the weaker ones.
pub(super) fn lay(laying: &mut Laying<'_>, breaker: &mut Breaker, said: &BreakerSaid) {
    let Some(said) = said else { return };
    let parts = match &said.value {
        Switch::Off => {
            *breaker = Breaker::default();
            return;
        }
        Switch::On(parts) => parts,
    };
    let intent::Breaker {
        consecutive_5xx,
        consecutive_gateway_errors,
        consecutive_local_errors,
        interval,
        base_ejection,
        max_ejection,
        min_healthy,
        connections,
        pending_requests,
        requests,
        requests_per_connection,
        retries,
        retry_budget,
    } = &**parts;
    laying.part(&mut breaker.consecutive_5xx, consecutive_5xx, "`consecutive-5xx`");
    laying.part(&mut breaker.consecutive_gateway_errors, consecutive_gateway_errors, "`consecutive-gateway-errors`");
    laying.part(&mut breaker.consecutive_local_errors, consecutive_local_errors, "`consecutive-local-errors`");
    laying.part(&mut breaker.interval, interval, "`interval`");
    laying.part(&mut breaker.base_ejection, base_ejection, "`base-ejection`");
    laying.part(&mut breaker.max_ejection, max_ejection, "`max-ejection`");
    laying.part(&mut breaker.min_healthy, min_healthy, "`min-healthy`");
    laying.part(&mut breaker.connections, connections, "`connections`");
    laying.part(&mut breaker.pending_requests, pending_requests, "`pending-requests`");
    laying.part(&mut breaker.requests, requests, "`requests`");
    laying.part(&mut breaker.requests_per_connection, requests_per_connection, "`requests-per-connection`");
    laying.part(&mut breaker.retries, retries, "`retries`");
    if let Some(budget) = retry_budget {
        lay_budget(laying, &mut breaker.retry_budget, budget);
    }
}

fn lay_budget(laying: &mut Laying<'_>, slot: &mut Option<Decided<RetryBudget>>, said: &intent::RetryBudget) {
    let intent::RetryBudget { percent, minimum, interval } = said;
    let weaker = slot.as_ref().map(|budget| budget.value.clone());
    let budget = RetryBudget {
        percent: percent.value,
        minimum: minimum.as_ref().map(|said| said.value).or(weaker.as_ref().and_then(|budget| budget.minimum)),
        interval: interval.as_ref().map(|said| said.value).or(weaker.and_then(|budget| budget.interval)),
    };
    laying.value(slot, budget, percent.span, "`retry-budget`");
}

/// What holds of the parts that nobody said. Ejection needs all four: Istio's own default of `maxEjectionPercent` is 10,
/// which ejects nobody from a service of fewer than ten pods.
pub(super) fn complete(mut breaker: Breaker) -> Option<Box<Breaker>> {
    if breaker.ejects() {
        breaker.interval.get_or_insert(Decided::built_in(INTERVAL));
        breaker.base_ejection.get_or_insert(Decided::built_in(BASE_EJECTION));
        breaker.max_ejection.get_or_insert(Decided::built_in(Percent::HALF));
        breaker.min_healthy.get_or_insert(Decided::built_in(Percent::NONE));
    }
    (!breaker.is_unsaid()).then(|| Box::new(breaker))
}
