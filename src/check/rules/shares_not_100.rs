use crate::check::Subject;
use crate::check::resilience::resilience;
use crate::check::said::reaching;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ir::{Action, Distribute, Locality, Route, RouteShare, Service};

pub(super) static CODE: Code = code!("shares-not-100", Error, "shares that do not add up to 100");

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    for service in &subject.mesh.services {
        for route in &service.routes {
            if let Some(Action::Split(shares)) = route.action.as_ref().map(|action| &action.value) {
                check_split(route, shares, found);
            }
        }
        for locality in resilience(service).filter_map(|said| said.locality.as_deref()) {
            if let Locality::Distribute(lines) = locality {
                for line in lines {
                    check_distribute(service, line, found);
                }
            }
        }
    }
}

fn check_split(route: &Route, shares: &[RouteShare], found: &mut Diagnostics) {
    let sum: u32 = shares.iter().map(|share| u32::from(share.percent.value.number())).sum();
    let Some(last) = shares.last().filter(|_| sum != 100) else { return };
    let title = format!("the shares of `route {}` add up to {sum}, not to 100", route.name.value);
    let fault = Diagnostic::new(&CODE, title)
        .at(last.percent.span, "the last share")
        .note("Istio takes weights as parts of their sum, so each target would have another share than is written");
    let others = sum - u32::from(last.percent.value.number());
    found.push(match 100_u32.checked_sub(others) {
        Some(rest) => fault.fix(format!("{rest} is left of 100"), last.percent.span, rest.to_string()),
        None => fault.help("let them add up to 100"),
    });
}

fn check_distribute(service: &Service, line: &Distribute, found: &mut Diagnostics) {
    let Distribute { from, shares } = line;
    let sum: u32 = shares.value.iter().map(|(_, share)| u32::from(share.number())).sum();
    if sum == 100 {
        return;
    }
    let fault = Diagnostic::new(&CODE, format!("the shares of `{from}` add up to {sum}, not to 100"))
        .at_known(shares.span(), format!("{sum} in all"))
        .note("Istio refuses the whole object: it cannot know which of them is meant")
        .help("let them add up to 100");
    found.push(reaching(fault, shares.origin, service));
}
