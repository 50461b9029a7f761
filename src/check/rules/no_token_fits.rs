use crate::check::Subject;
use crate::check::said::reaching;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ir::{Exposure, Mesh, Service, Token, TokenRule};

pub(super) static CODE: Code = code!("no-token-fits", Error, "requests that would need tokens of two issuers at once");

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    let mesh = subject.mesh;
    for grant in mesh.gateways.iter().flat_map(|gateway| &gateway.grants) {
        check(mesh, None, &needed(grant.conditions.tokens.iter()), found);
    }
    for service in &mesh.services {
        let whole: Vec<&TokenRule> = service.tokens.iter().filter(|rule| rule.conditions.is_empty()).collect();
        check(mesh, Some(service), &needed(whole.iter().map(|rule| &rule.token)), found);
        for rule in service.tokens.iter().filter(|rule| !rule.conditions.is_empty()) {
            pairs(mesh, service, (&whole, &rule.token), found);
        }
        for exposure in &service.exposures {
            gateways(mesh, service, (exposure, &whole), found);
            let door = exposure.tokens.iter().filter(|rule| rule.conditions.is_empty());
            check(mesh, Some(service), &needed(door.map(|rule| &rule.token)), found);
            for rule in &exposure.tokens {
                pairs(mesh, service, (&whole, &rule.token), found);
            }
        }
        for grant in &service.grants {
            check(mesh, Some(service), &needed(grant.conditions.tokens.iter()), found);
            for token in &grant.conditions.tokens {
                pairs(mesh, service, (&whole, token), found);
            }
        }
    }
}

fn needed<'m>(tokens: impl Iterator<Item = &'m Token>) -> Vec<&'m Token> {
    tokens.filter(|token| !token.is_optional).collect()
}

/// Whether one request can hold a token against what is asked of every request.
fn pairs(mesh: &Mesh, service: &Service, (whole, token): (&[&TokenRule], &Token), found: &mut Diagnostics) {
    for rule in whole {
        check(mesh, Some(service), &needed([&rule.token, token].into_iter()), found);
    }
}

/// Whether one token gets through a gateway and into the service behind it: reports the first of the gateway's grants
/// where none does, as long as no other grant lets the same requests in. Those that a condition picks are left to it.
fn gateways(mesh: &Mesh, service: &Service, (exposure, whole): (&Exposure, &[&TokenRule]), found: &mut Diagnostics) {
    let door = exposure.tokens.iter().filter(|rule| rule.conditions.is_empty());
    let asked = needed(whole.iter().copied().chain(door).map(|rule| &rule.token));
    let gateway = mesh.gateway(exposure.gateway);
    let admissions = gateway.admissions(exposure);
    let clash = |token: &Token| asked.iter().copied().find(|other| excludes(token, other));
    let clashes: Option<Vec<(Token, &Token)>> = admissions
        .iter()
        .map(|admission| {
            let token = admission.grant?.conditions.token()?;
            let other = clash(&token)?;
            Some((token, other))
        })
        .collect();
    if let Some((token, other)) = clashes.as_ref().and_then(|clashes| clashes.first()) {
        found.push(fault(mesh, Some(service), token, other));
    }
}

/// Whether no token is of an issuer that both take.
fn excludes(one: &Token, other: &Token) -> bool {
    !one.issuers.iter().any(|signer| other.takes(signer.issuer))
}

/// Tokens of which one request must hold all: reports the first two that no token can be.
fn check(mesh: &Mesh, service: Option<&Service>, tokens: &[&Token], found: &mut Diagnostics) {
    for (at, second) in tokens.iter().enumerate() {
        let excluded = tokens.iter().take(at).find(|first| excludes(first, second));
        if let Some(first) = excluded {
            found.push(fault(mesh, service, first, second));
            return;
        }
    }
}

fn fault(mesh: &Mesh, service: Option<&Service>, first: &Token, second: &Token) -> Diagnostic {
    let (first, second) = if second.origin.span < first.origin.span { (second, first) } else { (first, second) };
    let names = |token: &Token| {
        let names = token.issuers.iter().map(|signer| format!("`{}`", mesh.issuer(signer.issuer).name));
        names.collect::<Vec<_>>().join(" or ")
    };
    let fault =
        Diagnostic::new(&CODE, format!("a request would need a token of {} and one of {}", names(first), names(second)))
            .at_known(second.origin.span, "asked for of requests of which another is asked for already")
            .note("several nodes must all hold, and Istio reads one token of a request: with the token of one it is refused by the other")
            .help("name both issuers in one node, of which one will do; or ask for each on paths of its own");
    let fault = match first.origin.span {
        Some(span) => fault.related(span, "asked for here"),
        None => fault,
    };
    match service {
        Some(service) => reaching(fault, second.origin, service),
        None => fault,
    }
}
