use crate::check::Subject;
use crate::check::resilience::breakers;
use crate::check::said::reaching;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, and_list};
use crate::ir::Breaker;
use crate::source::{Origin, Span};
use std::collections::BTreeSet;

pub(super) static CODE: Code = code!("ejection-without-detector", Error, "an ejection of which nothing says when");

/// A word of ejection that is said, and by whom.
type Part = (&'static str, Origin);

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    // A default may say how to eject and leave it to services to say when: it is at fault if no breaker ever does.
    let services = &subject.mesh.services;
    let useful: BTreeSet<Span> = services
        .iter()
        .flat_map(breakers)
        .filter(|breaker| breaker.ejects())
        .flat_map(parts)
        .filter_map(|(_, origin)| origin.span)
        .collect();
    for service in services {
        for breaker in breakers(service).filter(|breaker| !breaker.ejects()) {
            let is_idle = |(_, origin): &Part| origin.span.is_some_and(|span| !useful.contains(&span));
            let idle: Vec<Part> = parts(breaker).filter(is_idle).collect();
            if let Some((_, origin)) = idle.first() {
                found.push(reaching(fault(&idle, *origin), *origin, service));
            }
        }
    }
}

fn parts(breaker: &Breaker) -> impl Iterator<Item = Part> {
    let parts = [
        ("interval", breaker.interval.as_ref().map(|said| said.origin)),
        ("base-ejection", breaker.base_ejection.as_ref().map(|said| said.origin)),
        ("max-ejection", breaker.max_ejection.as_ref().map(|said| said.origin)),
        ("min-healthy", breaker.min_healthy.as_ref().map(|said| said.origin)),
    ];
    parts.into_iter().filter_map(|(word, origin)| origin.map(|origin| (word, origin)))
}

fn fault(idle: &[Part], origin: Origin) -> Diagnostic {
    let verb = if idle.len() == 1 { "ejects" } else { "eject" };
    let fault = Diagnostic::new(
        &CODE,
        format!("{} {verb} nobody: no `consecutive-*` says when", and_list(idle.iter().map(|(word, _)| *word))),
    )
    .at_known(origin.span, "how pods are ejected, and not after which errors")
    .note(
        "ejection is on when a `consecutive-*` is said: without it Istio would count with a default that nobody chose",
    );
    match origin.span {
        Some(span) => {
            fault.fix("say which errors eject a pod, for example five in a row", span.end(), "; consecutive-5xx 5")
        }
        None => fault,
    }
}
