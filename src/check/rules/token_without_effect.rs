use crate::check::Subject;
use crate::check::access::is_own;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ir::{Exposure, TokenRule};
use crate::source::Spanned;
use crate::value::Path;

pub(super) static CODE: Code = code!("token-without-effect", Warning, "a token that is asked for of no request");

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    for service in &subject.mesh.services {
        let own = service.tokens.iter().filter(|rule| is_own(rule.token.origin));
        found.extend(own.filter(|rule| rule.conditions.is_void()).map(void));
        for exposure in &service.exposures {
            found.extend(exposure.tokens.iter().filter_map(|rule| at_door(exposure, rule)));
        }
    }
}

fn void(rule: &TokenRule) -> Diagnostic {
    Diagnostic::new(&CODE, "no request is asked for this token")
        .at_known(rule.token.origin.span, "its `not` leaves every request out")
        .note("no line of `not` may hold of a request that needs the token, and one of them always holds")
        .help("name the requests that need none, or take this out")
}

/// Behind a door it can only be asked for on what is open there.
fn at_door(exposure: &Exposure, rule: &TokenRule) -> Option<Diagnostic> {
    if rule.conditions.is_void() {
        return Some(void(rule));
    }
    let seen = exposure.as_seen();
    let meets = |asked: &Spanned<Path>| {
        seen.paths.iter().any(|open| open.value.covers(&asked.value) || asked.value.covers(&open.value))
    };
    let lost = rule.conditions.paths.iter().find(|asked| !meets(asked))?;
    let fault = Diagnostic::new(&CODE, format!("`{}` is not open here, so no token is asked for on it", lost.value))
        .at(lost.span, "outside of the paths of this exposure")
        .note("a token of an exposure is asked for on the paths that it opens")
        .help("name a path inside of them, or open this one too");
    Some(match exposure.origin.span {
        Some(span) => fault.related(span, "what it opens"),
        None => fault,
    })
}
