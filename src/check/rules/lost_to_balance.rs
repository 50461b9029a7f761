use crate::check::Subject;
use crate::check::resilience::resilience;
use crate::check::said::reaching;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ir::{Locality, Resilience, Service};
use crate::source::Origin;

pub(super) static CODE: Code = code!("lost-to-balance", Error, "a word that has no effect under this way of balancing");

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    for service in &subject.mesh.services {
        for said in resilience(service) {
            check(service, said, found);
        }
    }
}

fn check(service: &Service, said: &Resilience, found: &mut Diagnostics) {
    let Some(balance) = &said.balance else { return };
    let mut lost = |word: &str, origin: Origin, why: &str, what: &str| {
        let title = format!("`{word}` has no effect under `balance {}`", balance.value.word());
        let fault = Diagnostic::new(&CODE, title).at_known(origin.span, "would be ignored").note(why);
        let fault = match balance.span() {
            Some(span) => fault.related(span, "chosen here"),
            None => fault,
        };
        found.push(reaching(fault.help(what), origin, service));
    };
    if let Some(warm_up) = said.warm_up.as_deref().filter(|_| !balance.value.knows_warm_up()) {
        let why =
            "only `least-request` and `round-robin` weigh pods, and the weight is what grows while a pod warms up";
        lost("warm-up", warm_up.duration.origin, why, "balance by one of these two, or take `warm-up` out");
    }
    match said.locality.as_deref().filter(|_| !balance.value.knows_places()) {
        None | Some(Locality::Off(_)) => {}
        Some(locality) => {
            let why = "`passthrough` goes to the address that the caller dialled, so there is nothing to choose from";
            lost("locality", locality.origin(), why, "balance in another way, or take `locality` out");
        }
    }
}
