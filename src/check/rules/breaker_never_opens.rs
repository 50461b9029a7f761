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
        let ejecting = breakers(service).filter(|breaker| breaker.ejects());
        for said in ejecting.filter_map(|breaker| breaker.min_healthy.as_ref()) {
            let (Some(span), true) = (said.span(), said.value == Percent::ALL) else { continue };
            let fault = Diagnostic::new(&CODE, "a `min-healthy` of 100 keeps no pod out")
                .at(span, "with one pod ejected, fewer are healthy")
                .note("below this share Envoy takes no notice of ejections, and sends to every pod again")
                .help("say the share that can carry the load: `min-healthy 50`; unsaid, it is 0");
            found.push(reaching(fault, said.origin, service));
        }
    }
}
