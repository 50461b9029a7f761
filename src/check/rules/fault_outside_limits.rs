use crate::check::Subject;
use crate::check::actions::{Handled, handled};
use crate::check::said::reaching;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ir::{Abort, AbortStatus, Delay, Fault, Retry};
use crate::source::Origin;

pub(super) static CODE: Code =
    code!("fault-outside-limits", Warning, "a made-up fault that a timeout or a retry does not touch");

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    for handled in handled(subject.mesh) {
        let Some(Fault { delay, abort, waiver: _ }) = handled.actions.fault.as_deref() else { continue };
        let delay = delay.as_ref().and_then(|delay| past_timeout(&handled, delay));
        let abort = abort.as_ref().and_then(|abort| not_retried(&handled, abort));
        for (fault, origin) in delay.into_iter().chain(abort) {
            found.push(match handled.service {
                Some(service) => reaching(fault, origin, service),
                None => fault,
            });
        }
    }
}

fn past_timeout(handled: &Handled<'_>, delay: &Delay) -> Option<(Diagnostic, Origin)> {
    let timeout = handled.timeout.filter(|timeout| timeout.value < delay.duration.value)?;
    let (length, limit) = (delay.duration.value, timeout.value);
    let fault = Diagnostic::new(&CODE, format!("a timeout of {limit} does not cut a made-up delay of {length}"))
        .at_known(delay.duration.span(), "waited in full, and then the timeout begins")
        .note("Envoy waits before it sends the request, and counts the timeout from when it is sent");
    let fault = match timeout.span() {
        Some(span) => fault.related(span, "counts from when the request is sent"),
        None => fault,
    };
    let help =
        "to see a timeout, make the service itself slow; a made-up delay shows what callers do with a late answer";
    Some((fault.help(help), delay.duration.origin))
}

fn not_retried(handled: &Handled<'_>, abort: &Abort) -> Option<(Diagnostic, Origin)> {
    let Retry::On(retries) = handled.retry else { return None };
    let status = abort.status.value;
    retries.on.value.iter().find(|on| means(on, status))?;
    let fault = Diagnostic::new(&CODE, format!("a made-up {} is not tried again", shown(status)))
        .at_known(abort.status.span(), "the caller gets it at once")
        .note("Envoy answers it before the request is sent, and tries again only what was sent");
    let fault = match retries.on.span().or(retries.attempts.span()) {
        Some(span) => fault.related(span, "holds for the service's own answers alone"),
        None => fault,
    };
    let help = "to see a retry, make the service itself fail; a made-up fault shows what callers do with an error";
    Some((fault.help(help), abort.status.origin))
}

fn shown(status: AbortStatus) -> String {
    match status {
        AbortStatus::Http(status) => status.to_string(),
        AbortStatus::Grpc(status) => format!("`{status}`"),
    }
}

/// Whether a condition of a retry names an answer of the service.
fn means(on: &str, status: AbortStatus) -> bool {
    match status {
        AbortStatus::Http(status) => match on {
            "5xx" => status >= 500,
            "gateway-error" => (502..=504).contains(&status),
            "retriable-4xx" => status == 409,
            _ => on == status.to_string(),
        },
        AbortStatus::Grpc(status) => on == status.name(),
    }
}
