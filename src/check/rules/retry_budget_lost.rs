use crate::check::Subject;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::source::Layer;

pub(super) static CODE: Code = code!("retry-budget-lost", Error, "a retry budget that a port's own settings drop");

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    for port in subject.mesh.services.iter().flat_map(|service| &service.ports) {
        let breaker = port.resilience.as_ref().and_then(|said| said.breaker.as_ref());
        let budget = breaker.and_then(|breaker| breaker.retry_budget.as_ref());
        // A default that does not fit does not reach the port; `mesh explain` shows what does.
        let Some(budget) = budget.filter(|budget| budget.origin.layer >= Layer::OwnProfile) else { continue };
        let number = port.number.value;
        let fault = Diagnostic::new(&CODE, format!("port {number} would have no retry budget"))
            .at_known(port.number.span(), "has settings of its own")
            .note("in Istio the settings of a port take the place of all others, and a retry budget cannot be among them")
            .help("take the settings of this port out, or limit `retries` in it and take `retry-budget` out of the service");
        found.push(match budget.span() {
            Some(span) => fault.related(span, "this budget would not hold there"),
            None => fault,
        });
    }
}
