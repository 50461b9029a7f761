use crate::check::Subject;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::value::Percent;

pub(super) static CODE: Code = code!("canary-unreachable", Error, "a canary that nothing ever reaches");

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    for service in &subject.mesh.services {
        let Some(canary) = &service.canary else { continue };
        let has_share = canary.percent.value != Percent::NONE || canary.owner.is_some();
        if has_share || !canary.matches.is_empty() || !canary.steps.is_empty() {
            continue;
        }
        let name = service.versions.get(canary.candidate.value).map_or("", |version| version.name.value.as_str());
        let fault = Diagnostic::new(&CODE, format!("nothing ever reaches `{name}`"))
            .note("a destination of weight 0 gets no request, and no `match` sends one past the weights");
        let action = "send it a share, for example 10 percent";
        found.push(match (canary.percent.span(), canary.candidate.span()) {
            (Some(said), _) => fault.at(said, "no share, no `match`, and no `steps` to come").fix(action, said, "10"),
            (None, Some(said)) => {
                fault.at(said, "no share, no `match`, and no `steps` to come").fix(action, said.end(), " percent=10")
            }
            (None, None) => fault,
        });
    }
}
