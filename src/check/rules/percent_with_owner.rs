use crate::check::Subject;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ir::CanaryOwner;
use crate::source::{Decided, Span};

pub(super) static CODE: Code = code!("percent-with-owner", Error, "a share of a canary that somebody else moves");

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    for canary in subject.mesh.services.iter().filter_map(|service| service.canary.as_deref()) {
        let Some(owner) = &canary.owner else { continue };
        if let Some(span) = canary.percent.span() {
            found.push(fault("percent", owner, span));
        }
        if let Some(span) = canary.steps.first().and_then(Decided::span) {
            found.push(fault("steps", owner, span));
        }
    }
}

fn fault(word: &str, owner: &Decided<CanaryOwner>, span: Span) -> Diagnostic {
    let name = owner.value.word();
    let fault = Diagnostic::new(&CODE, format!("`{word}` of a canary whose shares `{name}` moves"))
        .at(span, "would be overwritten")
        .note("the shares begin at 100 and 0, and from then on the controller writes them in the cluster: two who write one field undo each other");
    let fault = match owner.span() {
        Some(span) => fault.related(span, "who moves them"),
        None => fault,
    };
    fault.help(format!("take `{word}` out, and say it to `{name}`; or take `owner` out"))
}
