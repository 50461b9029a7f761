use crate::check::Subject;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};

pub(super) static CODE: Code = code!("audience-missing", Error, "an issuer whose tokens count whomever they are for");

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    for issuer in subject.mesh.issuers.iter().filter(|issuer| issuer.audiences.is_none()) {
        found.push(
            Diagnostic::new(&CODE, format!("issuer `{}` does not say for whom its tokens are", issuer.name))
                .at_known(issuer.origin.span, "no `audience` in this block")
                .note("without an audience Istio takes every token of the issuer, those too that another application of the same login was given")
                .help("name yours, for example `audience shop-api`; or `audience any reason=\"...\"`"),
        );
    }
}
