use crate::check::Subject;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};

pub(super) static CODE: Code = code!("path-without-method", Error, "a grant of a path that leaves the methods open");

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    let at_services = subject.mesh.services.iter().flat_map(|service| &service.grants);
    let at_gateways = subject.mesh.gateways.iter().flat_map(|gateway| &gateway.grants);
    let conditions = at_services.chain(at_gateways).map(|grant| &grant.conditions);
    for conditions in conditions.filter(|conditions| conditions.methods.is_none()) {
        let Some(last) = conditions.paths.last() else { continue };
        found.push(
            Diagnostic::new(&CODE, "a path is allowed, and no method is said")
                .at(last.span, "by every method, `DELETE` too?")
                .note("an AuthorizationPolicy whose rule names paths and no methods lets every method in")
                .fix("say that every method is meant, or name those that are", last.span.end(), "; method any"),
        );
    }
}
