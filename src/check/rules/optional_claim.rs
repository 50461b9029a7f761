use crate::check::Subject;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ir::{Claim, Grant, Token};

pub(super) static CODE: Code =
    code!("optional-claim", Error, "a claim of a token that a grant does not ask anybody to show");

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    let of_services = subject.mesh.services.iter().flat_map(|service| &service.grants);
    let grants = of_services.chain(subject.mesh.gateways.iter().flat_map(|gateway| &gateway.grants));
    let tokens = grants.flat_map(|grant: &Grant| &grant.conditions.tokens).filter(|token| token.is_optional);
    // A default is laid out for every service that it reaches, and is told of once.
    let mut told = Vec::new();
    for (token, claim) in tokens.filter_map(|token| Some((token, token.claims.first()?))) {
        if !told.contains(&token.origin.span) {
            told.push(token.origin.span);
            found.push(fault(token, claim));
        }
    }
}

fn fault(token: &Token, claim: &Claim) -> Diagnostic {
    let fault = Diagnostic::new(&CODE, format!("`{}` is asked of nobody: the token is optional", claim.name.value))
        .at(claim.name.span, "would hold of no request")
        .note("grants add up, so who leaves the token out is let in by this one whatever a token would have to hold")
        .help("take `optional=#true` out; or let in with and without a token by a grant each");
    match token.origin.span {
        Some(span) => fault.related(span, "lets in without a token too"),
        None => fault,
    }
}
