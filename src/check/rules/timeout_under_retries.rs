use crate::check::Subject;
use crate::check::said::reaching;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ir::{Retry, Service};
use crate::source::{Decided, Origin};
use crate::value::Duration;

pub(super) static CODE: Code = code!("timeout-under-retries", Error, "a timeout that ends before the last try");

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    for service in &subject.mesh.services {
        let own = Limits::of(service.timeout.as_ref(), &service.retry);
        if let Some(limits) = &own {
            limits.check(&[], service, found);
        }
        // What an exposure has from its service is no fault of the exposure, and together is told there.
        let from_service = own.as_ref().map(Limits::origins).unwrap_or_default();
        let inherited = from_service.into_iter().chain(service.timeout.as_ref().map(|timeout| timeout.origin));
        let inherited: Vec<Origin> = inherited.collect();
        let of_exposures = service.exposures.iter().map(|exposure| (exposure.timeout.as_ref(), &exposure.retry));
        let of_routes = service.routes.iter().map(|route| (route.handling.timeout.as_ref(), &route.handling.retry));
        for (timeout, retry) in of_exposures.chain(of_routes) {
            let limits = Limits::of(timeout, retry);
            let is_own = |limits: &Limits<'_>| limits.origins().iter().any(|origin| !inherited.contains(origin));
            if let Some(limits) = limits.filter(is_own) {
                limits.check(&inherited, service, found);
            }
        }
    }
}

/// The three values that must fit each other.
struct Limits<'m> {
    timeout: &'m Decided<Duration>,
    attempts: &'m Decided<u32>,
    per_try: &'m Decided<Duration>,
}

impl<'m> Limits<'m> {
    fn of(timeout: Option<&'m Decided<Duration>>, retry: &'m Retry) -> Option<Self> {
        let Retry::On(retries) = retry else { return None };
        Some(Limits { timeout: timeout?, attempts: &retries.attempts, per_try: retries.per_try.as_ref()? })
    }

    fn origins(&self) -> Vec<Origin> {
        vec![self.timeout.origin, self.per_try.origin, self.attempts.origin]
    }

    fn check(&self, inherited: &[Origin], service: &Service, found: &mut Diagnostics) {
        let tries = u64::from(self.attempts.value) + 1;
        let needed = self.per_try.value.milliseconds().saturating_mul(tries);
        if needed <= self.timeout.value.milliseconds() {
            return;
        }
        // The most local of them is the one to change.
        let rank = |origin: &Origin| (origin.layer, !inherited.contains(origin));
        let most = self.origins().iter().map(rank).max();
        let is_most = |origin: &Origin| Some(rank(origin)) == most;
        let (title, needed) = (self.title(tries), Duration::shown(needed));
        let fault = Diagnostic::new(&CODE, title).note(
            "Istio counts the timeout from the first try to the last answer: what it cuts off is never tried again",
        );
        let (fault, origin) = if is_most(&self.timeout.origin) {
            (self.at_timeout(fault, tries, &needed), self.timeout.origin)
        } else if is_most(&self.per_try.origin) {
            (self.at_per_try(fault, tries, &needed), self.per_try.origin)
        } else {
            (self.at_attempts(fault, tries, &needed), self.attempts.origin)
        };
        found.push(reaching(fault, origin, service));
    }

    fn title(&self, tries: u64) -> String {
        let (timeout, per_try) = (self.timeout.value, self.per_try.value);
        format!("{tries} tries of up to {per_try} do not fit into a timeout of {timeout}")
    }

    fn at_timeout(&self, fault: Diagnostic, tries: u64, needed: &str) -> Diagnostic {
        let fault = fault.at_known(self.timeout.span(), format!("{tries} tries take up to {needed}"));
        let fault = about(fault, self.per_try.origin, "each try may take this long");
        match self.timeout.span() {
            Some(span) => fault.fix(format!("let all tries take {needed}"), span, format!("\"{needed}\"")),
            None => fault,
        }
    }

    fn at_per_try(&self, fault: Diagnostic, tries: u64, needed: &str) -> Diagnostic {
        let fault = fault.at_known(self.per_try.span(), format!("{tries} of these take up to {needed}"));
        let fault = about(fault, self.timeout.origin, "the timeout of all tries");
        match (self.timeout.value.milliseconds().checked_div(tries).filter(|each| *each > 0), self.per_try.span()) {
            (Some(each), Some(span)) => {
                let each = Duration::shown(each);
                fault.fix(format!("let each try take {each}"), span, format!("\"{each}\""))
            }
            (None | Some(_), _) => fault.help("raise the timeout, or try less often"),
        }
    }

    fn at_attempts(&self, fault: Diagnostic, tries: u64, needed: &str) -> Diagnostic {
        let fault = fault.at_known(self.attempts.span(), format!("{tries} tries take up to {needed}"));
        let fault = about(fault, self.per_try.origin, "each try may take this long");
        let fault = about(fault, self.timeout.origin, "the timeout of all tries");
        let fit = self.timeout.value.milliseconds().checked_div(self.per_try.value.milliseconds()).unwrap_or(0);
        match (fit.checked_sub(1).filter(|more| *more > 0), self.attempts.span()) {
            (Some(more), Some(span)) => fault.fix(format!("{fit} tries fit"), span, more.to_string()),
            (None | Some(_), _) => fault.help("raise the timeout, or give each try less"),
        }
    }
}

fn about(fault: Diagnostic, origin: Origin, fact: &str) -> Diagnostic {
    match origin.span {
        Some(span) => fault.related(span, fact),
        None => fault,
    }
}
