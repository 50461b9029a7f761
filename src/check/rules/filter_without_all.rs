use crate::check::Subject;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ir::Logged;
use crate::source::Decided;

pub(super) static CODE: Code =
    code!("filter-without-all", Error, "a refinement of an access log that it does not have");

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    for log in subject.mesh.telemetries().filter_map(|telemetry| telemetry.log.as_ref()) {
        let word = match log.logged.value {
            Logged::Nothing => "off",
            Logged::All => "all",
            Logged::Errors => "errors",
        };
        let parts = [
            ("filter", log.filter.as_ref().map(Decided::span), "all"),
            ("slower-than", log.slower_than.as_ref().map(Decided::span), "errors"),
        ];
        for (part, span, needs) in parts.into_iter().filter(|(_, _, needs)| *needs != word) {
            let Some(span) = span else { continue };
            let fault = Diagnostic::new(
                &CODE,
                format!("`{part}` refines `access-log {needs}`, and this is `access-log {word}`"),
            )
            .at_known(span, "would be ignored")
            .note("`all` is refined by an expression, and `errors` by how long a request may take")
            .help(format!("write `access-log {needs}`, or take `{part}` out"));
            found.push(match log.logged.span() {
                Some(chosen) => fault.related(chosen, "which requests get a line"),
                None => fault,
            });
        }
    }
}
