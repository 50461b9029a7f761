use crate::check::Subject;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::value::Target;

pub(super) static CODE: Code = code!("unsupported-target", Error, "a release of Istio that is too old");

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    let target = &subject.mesh.target;
    let (oldest, Some(span)) = (Target::OLDEST, target.span()) else { return };
    if target.value < oldest {
        found.push(
            Diagnostic::new(&CODE, format!("expected Istio {oldest} or later, found {}", target.value))
                .at(span, "older than what can be written for")
                .note(format!("the kinds of Istio have their version v1, which is what is written, since {oldest}"))
                .fix(format!("speak to Istio {oldest}, if that is what runs"), span, format!("\"{oldest}\"")),
        );
    }
}
