use crate::check::Subject;
use crate::check::resilience::resilience;
use crate::check::said::reaching;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ir::{Distribute, Locality};

pub(super) static CODE: Code = code!("shares-not-100", Error, "shares that do not add up to 100");

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    for service in &subject.mesh.services {
        for locality in resilience(service).filter_map(|said| said.locality.as_deref()) {
            let Locality::Distribute(lines) = locality else { continue };
            for Distribute { from, shares } in lines {
                let sum: u32 = shares.value.iter().map(|(_, share)| u32::from(share.number())).sum();
                if sum == 100 {
                    continue;
                }
                let fault = Diagnostic::new(&CODE, format!("the shares of `{from}` add up to {sum}, not to 100"))
                    .at_known(shares.span(), format!("{sum} in all"))
                    .note("Istio refuses the whole object: it cannot know which of them is meant")
                    .help("let them add up to 100");
                found.push(reaching(fault, shares.origin, service));
            }
        }
    }
}
