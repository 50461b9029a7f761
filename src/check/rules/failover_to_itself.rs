use crate::check::Subject;
use crate::check::resilience::resilience;
use crate::check::said::reaching;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ir::{Failover, Locality};

pub(super) static CODE: Code = code!("failover-to-itself", Error, "a failover from a region to the same");

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    for service in &subject.mesh.services {
        for locality in resilience(service).filter_map(|said| said.locality.as_deref()) {
            let Locality::Failover(lines) = locality else { continue };
            for Failover { from, to } in lines.iter().filter(|line| line.from == line.to.value) {
                let fault = Diagnostic::new(&CODE, format!("`{from}` fails over to itself"))
                    .at_known(to.span(), "one region, twice")
                    .note("Istio refuses the whole object: pods of the same region come first anyhow")
                    .help("name another region, or take the line out");
                found.push(reaching(fault, to.origin, service));
            }
        }
    }
}
