use crate::check::Subject;
use crate::check::resilience::resilience;
use crate::check::said::reaching;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ir::{Distribute, Locality, Service};
use crate::source::Origin;
use crate::value;

pub(super) static CODE: Code = code!("locality-overlap", Error, "two places of which one lies in the other");

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    for service in &subject.mesh.services {
        for locality in resilience(service).filter_map(|said| said.locality.as_deref()) {
            let Locality::Distribute(lines) = locality else { continue };
            let from: Vec<_> = lines.iter().map(|line| (&line.from, line.shares.origin)).collect();
            found.extend(first_of(&from).map(|(one, other, origin)| fault(service, (one, other), origin)));
            for Distribute { shares, .. } in lines {
                let to: Vec<_> = shares.value.iter().map(|(place, _)| (place, shares.origin)).collect();
                found.extend(first_of(&to).map(|(one, other, origin)| fault(service, (one, other), origin)));
            }
        }
    }
}

/// The first two places that overlap, and where the later one is said.
fn first_of<'p>(
    places: &[(&'p value::Locality, Origin)],
) -> Option<(&'p value::Locality, &'p value::Locality, Origin)> {
    // In the order of their texts, those below a place follow it at once: one that overlaps has a neighbour that does.
    let mut sorted: Vec<&value::Locality> = places.iter().map(|(place, _)| *place).collect();
    sorted.sort_by_cached_key(|place| place.parts());
    let is_apart = sorted.iter().zip(sorted.iter().skip(1)).all(|(one, other)| !one.overlaps(other));
    if is_apart {
        return None;
    }
    places.iter().enumerate().find_map(|(at, (place, _))| {
        let (other, origin) = places.iter().skip(at + 1).find(|(other, _)| place.overlaps(other))?;
        Some((*place, *other, *origin))
    })
}

fn fault(service: &Service, (one, other): (&value::Locality, &value::Locality), origin: Origin) -> Diagnostic {
    let fault = Diagnostic::new(&CODE, format!("`{one}` and `{other}` overlap"))
        .at_known(origin.span, "one of the two lies in the other")
        .note("Istio refuses the whole object: it does not take the nearer place")
        .help("name places of which none lies in another");
    reaching(fault, origin, service)
}
