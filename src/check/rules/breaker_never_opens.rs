use crate::check::Subject;
use crate::check::resilience::breakers;
use crate::check::said::reaching;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::value::Percent;

pub(super) static CODE: Code = code!("breaker-never-opens", Warning, "an ejection that cannot eject one pod of two");

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    for service in &subject.mesh.services {
        let ejecting = breakers(service).filter(|breaker| breaker.ejects());
        for said in ejecting.filter_map(|breaker| breaker.max_ejection.as_ref()) {
            let (Some(span), true) = (said.span(), said.value < Percent::HALF) else { continue };
            let fault = Diagnostic::new(&CODE, format!("a `max-ejection` of {} cannot eject one pod of two", said.value))
                .at(span, "of two pods, half would be one")
                .note("Envoy ejects a pod only while the share of ejected pods, that pod counted, stays within this; there is no \"at least one\"")
                .fix("let half of the pods be ejected", span, "50");
            found.push(reaching(fault, said.origin, service));
        }
    }
}
