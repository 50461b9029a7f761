use crate::check::Subject;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, or_list};
use crate::ir::Canary;
use crate::source::Decided;
use crate::value::Percent;
use std::collections::BTreeSet;

pub(super) static CODE: Code =
    code!("percent-not-a-step", Error, "a canary's share outside its steps, or steps that do not rise");

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    for canary in subject.mesh.services.iter().filter_map(|service| service.canary.as_deref()) {
        if let Some(last) = canary.steps.last() {
            check_steps(canary, last, found);
            check_percent(canary, found);
        }
    }
}

fn check_steps(canary: &Canary, last: &Decided<Percent>, found: &mut Diagnostics) {
    let mut pairs = canary.steps.iter().zip(canary.steps.iter().skip(1));
    if let Some((before, step)) = pairs.find(|(before, step)| step.value <= before.value) {
        let fault = Diagnostic::new(&CODE, format!("the step {} comes after {}", step.value, before.value))
            .at_known(step.span(), "not higher than the step before it")
            .note("a roll-out is promoted from each step to the next, which must send more to the candidate");
        found.push(fault.help("write the steps in rising order, each once"));
    } else if last.value != Percent::ALL {
        let fault = Diagnostic::new(&CODE, format!("the last step is {}, not 100", last.value))
            .at_known(last.span(), "the roll-out would end here")
            .note("until the candidate has every request the stable version must stay");
        found.push(match last.span() {
            Some(span) => fault.fix("end with 100", span.end(), " 100"),
            None => fault,
        });
    }
}

fn check_percent(canary: &Canary, found: &mut Diagnostics) {
    let percent = &canary.percent;
    if percent.value == Percent::NONE || canary.steps.iter().any(|step| step.value == percent.value) {
        return;
    }
    let shares = std::iter::once(Percent::NONE).chain(canary.steps.iter().map(|step| step.value));
    let listed: BTreeSet<u8> = shares.map(Percent::number).collect();
    let listed: Vec<String> = listed.iter().map(u8::to_string).collect();
    let fault = Diagnostic::new(&CODE, format!("a share of {} is not one of the steps", percent.value))
        .at_known(percent.span(), "none of the steps")
        .note("from a share that is no step it is not known which step comes next")
        .help(format!("write {}", or_list(listed.iter().map(String::as_str))));
    found.push(match canary.steps.first().and_then(Decided::span) {
        Some(span) => fault.related(span, "the steps begin here"),
        None => fault,
    });
}
