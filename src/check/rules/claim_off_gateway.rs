use crate::check::Subject;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ir::{Claim, Mesh, RequestMatch, Service};

pub(super) static CODE: Code = code!("claim-off-gateway", Error, "a match by claim where no token is read");

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    for service in &subject.mesh.services {
        let Some(claim) = claims(service).next() else { continue };
        if !service.exposures.iter().any(|exposure| subject.mesh.knows_claims(exposure)) {
            found.push(fault(subject.mesh, service, claim));
        }
    }
}

/// Every claim that the routes and the canary of a service ask for.
fn claims(service: &Service) -> impl Iterator<Item = &Claim> {
    let canary = service.canary.iter().flat_map(|canary| &canary.matches);
    let routes = service.routes.iter().flat_map(|route| &route.matches);
    canary.chain(routes).flat_map(of_match)
}

fn of_match(request: &RequestMatch) -> impl Iterator<Item = &Claim> {
    request.lines.claims.iter().chain(request.not.iter().flat_map(|not| &not.claims))
}

fn fault(mesh: &Mesh, service: &Service, claim: &Claim) -> Diagnostic {
    let fault = Diagnostic::new(&CODE, format!("claim `{}` is known to no proxy that routes to `{}`", claim.name.value, service.name))
        .at(claim.name.span, "no door of this service asks for a token")
        .note("a claim is matched by the gateway that has read the token; Istio refuses such a match in sidecars, and a gateway that reads no token never matches it");
    let issuer = mesh.issuers.first().map_or("ISSUER", |issuer| issuer.name.as_str());
    match service.exposures.first().and_then(|exposure| exposure.origin.span) {
        Some(span) => fault
            .related(span, "comes in without a token")
            .help(format!("ask for one here: `require-token {issuer}`, or `require-token {issuer} optional=#true`")),
        None => fault.help("expose the service where a token is asked for, or match something else"),
    }
}
