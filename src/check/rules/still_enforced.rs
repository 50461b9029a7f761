use crate::check::Subject;
use crate::check::said::reaching;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ir::{Service, Token};
use crate::source::Origin;

pub(super) static CODE: Code = code!("still-enforced", Warning, "a word that refuses although access is only counted");

const ASKED: &str = "an authorizer is asked before grants are looked at, and Istio has no dry run of its answer";
const READ: &str = "who shows no token is let in and counted; a token that cannot be read, is expired or is of another issuer gets 401, since Istio has no dry run of reading tokens";
const AT_DOOR: &str = "the gateway asks for the token before the service is reached, and the gateway is not audited";

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    let counts = |service: &&Service| service.is_audited() && service.data_plane.is_per_pod();
    for service in subject.mesh.services.iter().filter(counts) {
        for ask in &service.asks {
            found.push(fault(service, ("authorize", ask.origin), ASKED));
        }
        if let Some(token) = first(service) {
            found.push(fault(service, ("require-token", token.origin), READ));
        }
        for rule in service.exposures.iter().filter_map(|exposure| exposure.tokens.first()) {
            found.push(fault(service, ("require-token", rule.token.origin), AT_DOOR));
        }
    }
}

/// The first token that the service reads itself, for whoever calls or for a grant.
fn first(service: &Service) -> Option<&Token> {
    let own = service.tokens.iter().map(|rule| &rule.token);
    own.chain(service.grants.iter().flat_map(|grant| &grant.conditions.tokens)).next()
}

fn fault(service: &Service, (word, origin): (&str, Origin), why: &str) -> Diagnostic {
    let fault = Diagnostic::new(&CODE, format!("`{word}` refuses requests of `{}` all the same", service.name))
        .at_known(origin.span, "not only counted")
        .note(why)
        .help("take it out for as long as access is audited, or leave it where its no is meant");
    let fault = match service.access.span() {
        Some(span) => fault.related(span, "`allow`, `deny` and missing tokens are only counted"),
        None => fault,
    };
    reaching(fault, origin, service)
}
