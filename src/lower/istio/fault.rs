use super::breaker::duration;
use crate::ir::{Abort, AbortStatus, Delay, Fault};
use crate::manifest::Traced;
use crate::manifest::istio::{FaultAbort, FaultDelay, FractionalPercent, HttpFaultInjection, PercentValue};
use crate::source::Decided;
use crate::value::Fraction;

/// Faults that the caller's proxy makes up.
pub(super) fn lower(fault: &Fault) -> HttpFaultInjection {
    let Fault { delay, abort, waiver: _ } = fault;
    HttpFaultInjection { delay: delay.as_ref().map(waiting), abort: abort.as_ref().map(aborted) }
}

fn waiting(delay: &Delay) -> FaultDelay {
    let Delay { duration: length, share } = delay;
    FaultDelay { percentage: percentage(share), fixed_delay: duration(length) }
}

fn aborted(abort: &Abort) -> FaultAbort {
    let Abort { status, share } = abort;
    let (http, grpc) = match status.value {
        AbortStatus::Http(status) => (Some(status), None),
        AbortStatus::Grpc(status) => (None, Some(status.name().to_ascii_uppercase().replace('-', "_"))),
    };
    FaultAbort {
        percentage: percentage(share),
        http_status: http.map(|http| Traced::new(http, status.origin)),
        grpc_status: grpc.map(|grpc| Traced::new(grpc, status.origin)),
    }
}

/// A part of all requests.
pub(super) fn percentage(share: &Decided<Fraction>) -> PercentValue {
    PercentValue { value: Traced::from(share).map(FractionalPercent) }
}
