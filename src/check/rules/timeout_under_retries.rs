use crate::check::Subject;
use crate::check::said::reaching;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ir::{Retries, Retry, Service};
use crate::source::{Decided, Origin};
use crate::value::Duration;

pub(super) static CODE: Code = code!("timeout-under-retries", Error, "a timeout that ends before the last try");

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    for service in &subject.mesh.services {
        let own = Limits::of(service.timeout.as_ref(), &service.retry);
        if let Some(limits) = &own {
            limits.check(service, found);
        }
        for exposure in &service.exposures {
            let limits = Limits::of(exposure.timeout.as_ref(), &exposure.retry);
            // What an exposure has from its service is told there.
            let is_same = |limits: &Limits<'_>| own.as_ref().is_some_and(|own| own.origins() == limits.origins());
            if let Some(limits) = limits.filter(|limits| !is_same(limits)) {
                limits.check(service, found);
            }
        }
    }
}

/// The three values that must fit each other.
struct Limits<'m> {
    timeout: &'m Decided<Duration>,
    retries: &'m Retries,
    per_try: &'m Decided<Duration>,
}

impl<'m> Limits<'m> {
    fn of(timeout: Option<&'m Decided<Duration>>, retry: &'m Retry) -> Option<Self> {
        let Retry::On(retries) = retry else { return None };
        Some(Limits { timeout: timeout?, retries, per_try: retries.per_try.as_ref()? })
    }

    fn origins(&self) -> [Origin; 3] {
        [self.timeout.origin, self.per_try.origin, self.retries.attempts.origin]
    }

    fn check(&self, service: &Service, found: &mut Diagnostics) {
        let tries = u64::from(self.retries.attempts.value) + 1;
        let needed = self.per_try.value.milliseconds().saturating_mul(tries);
        let (timeout, per_try) = (self.timeout.value, self.per_try.value);
        if needed <= timeout.milliseconds() {
            return;
        }
        let title = format!("{tries} tries of up to {per_try} do not fit into a timeout of {timeout}");
        let fault = Diagnostic::new(&CODE, title).note(
            "Istio counts the timeout from the first try to the last answer: what it cuts off is never tried again",
        );
        let needed = Duration::shown(needed);
        let (fault, origin) = if self.per_try.origin.layer > self.timeout.origin.layer {
            let fault = fault.at_known(self.per_try.span(), format!("{tries} of these take up to {needed}"));
            (about(fault, self.timeout, "the timeout"), self.per_try.origin)
        } else {
            let fault = fault.at_known(self.timeout.span(), format!("{tries} tries take up to {needed}"));
            (about(fault, self.per_try, "each try may take this long"), self.timeout.origin)
        };
        let fault = match self.timeout.span() {
            Some(span) => fault.fix(format!("let it take {needed}"), span, format!("\"{needed}\"")),
            None => fault,
        };
        found.push(reaching(fault, origin, service));
    }
}

fn about(fault: Diagnostic, decided: &Decided<Duration>, fact: &str) -> Diagnostic {
    match decided.span() {
        Some(span) => fault.related(span, fact),
        None => fault,
    }
}
