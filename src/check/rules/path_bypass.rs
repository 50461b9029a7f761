use crate::check::Subject;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ir::Denial;

pub(super) static CODE: Code = code!("path-bypass", Warning, "a denial by path, which other spellings pass");

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    let denials = subject.mesh.services.iter().flat_map(|service| &service.denials);
    for denial in denials.filter(|denial| !has_reason(denial)) {
        // A denial of every path is not by path.
        let paths = &denial.conditions.paths;
        let Some(first) = paths.first().filter(|_| !paths.iter().any(|path| path.value.is_all())) else { continue };
        found.push(
            Diagnostic::new(&CODE, format!("a denial of `{}` does not catch every spelling of it", first.value))
                .at(first.span, "a second line of defence, not a first")
                .note("Istio compares paths letter by letter after it has normalized them: upper case, `%3b`, `%20` or a final dot pass, and the application may read them as the same path")
                .help("allow the paths that are meant instead; if this is the second line, say so with `reason=`"),
        );
    }
}

fn has_reason(denial: &Denial) -> bool {
    denial.waiver.as_ref().is_some_and(|waiver| waiver.gives_reason())
}
