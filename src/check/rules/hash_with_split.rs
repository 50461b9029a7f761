use crate::check::Subject;
use crate::check::resilience::resilience;
use crate::check::said::reaching;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ir::{Action, Canary, Destination, Resilience, Route, RouteShare, Service};
use crate::source::{Decided, Span};
use crate::value::{HashKey, Percent};

pub(super) static CODE: Code = code!("hash-with-split", Warning, "a hash behind shares, which are drawn first");

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    for service in &subject.mesh.services {
        let routed = || service.routes.iter().find_map(split_of_route);
        let Some(split) = service.canary.as_deref().and_then(split).or_else(routed) else { continue };
        if let Some(key) = resilience(service).find_map(hash_key) {
            found.push(fault(service, key, split));
        }
    }
}

fn hash_key(said: &Resilience) -> Option<&Decided<HashKey>> {
    said.balance.as_ref().and_then(|balance| balance.value.hash()).map(|hash| &hash.key)
}

/// Where a canary says that it draws shares, now or in a later step.
fn split(canary: &Canary) -> Option<Span> {
    let draws = |percent: &&Decided<Percent>| percent.value != Percent::NONE && percent.value != Percent::ALL;
    let share = std::iter::once(&canary.percent).chain(&canary.steps).find(draws)?;
    share.span().or(canary.candidate.span())
}

/// Where a route draws shares between versions.
fn split_of_route(route: &Route) -> Option<Span> {
    let Some(Action::Split(shares)) = route.action.as_ref().map(|action| &action.value) else { return None };
    let is_version = |share: &&RouteShare| matches!(share.target.destination, Destination::Version(_));
    let mut drawn = shares.iter().filter(|share| share.percent.value != Percent::NONE).filter(is_version);
    drawn.next()?;
    drawn.next().map(|share| share.percent.span)
}

fn fault(service: &Service, key: &Decided<HashKey>, split: Span) -> Diagnostic {
    let fault = Diagnostic::new(&CODE, "one user may reach both versions: shares are drawn before the hash")
        .at_known(key.span(), format!("chooses a pod by `{}`, within one version", key.value.word()))
        .related(split, "which version, is drawn for each request")
        .note("the shares decide first, request by request, and only then the hash chooses among the pods of that version")
        .help("take the hash out until the split is over, or send some users to the candidate by a `match`");
    reaching(fault, key.origin, service)
}
