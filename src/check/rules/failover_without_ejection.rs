use crate::check::Subject;
use crate::check::resilience::resilience;
use crate::check::said::reaching;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};

pub(super) static CODE: Code = code!("failover-without-ejection", Error, "a failover where no pod is ever out");

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    for service in &subject.mesh.services {
        for said in resilience(service) {
            let Some(locality) = said.locality.as_deref() else { continue };
            let ejects = said.breaker.as_ref().is_some_and(|breaker| breaker.ejects());
            let Some(word) = locality.follows_health().filter(|_| !ejects) else { continue };
            let fault = Diagnostic::new(&CODE, format!("`{word}` moves nothing: no pod is ever out"))
                .at_known(locality.origin().span, "holds once the near pods are out, which no word lets them be")
                .note("Envoy takes a pod for healthy until an ejection says otherwise, and leaves a place only when too few of its pods are healthy")
                .help("say which errors put a pod out: `breaker { consecutive-5xx 5 }`");
            found.push(reaching(fault, locality.origin(), service));
        }
    }
}
