use super::breaker::duration;
use crate::ir::{self, Retry};
use crate::manifest::Traced;
use crate::manifest::istio::Retries;

/// How often a request is tried again. `attempts: 0` switches Istio's own two tries off; the conditions are always
/// written, since without them an answer of 503 is not tried again.
pub(super) fn lower(retry: &Retry) -> Option<Traced<Retries>> {
    match retry {
        Retry::Unsaid => None,
        Retry::Off(origin) => {
            let retries = Retries { attempts: Traced::new(0, *origin), ..Retries::default() };
            Some(Traced::new(retries, *origin))
        }
        Retry::On(parts) => {
            let ir::Retries { attempts, per_try, backoff, remote_localities, avoid_tried, on } = &**parts;
            let retries = Retries {
                attempts: attempts.into(),
                per_try_timeout: per_try.as_ref().map(duration),
                retry_on: Some(Traced::new(on.value.join(","), on.origin)),
                retry_remote_localities: remote_localities.as_ref().map(Traced::from),
                retry_ignore_previous_hosts: avoid_tried.as_ref().map(Traced::from),
                backoff: backoff.as_ref().map(duration),
            };
            Some(Traced::new(retries, attempts.origin))
        }
    }
}
