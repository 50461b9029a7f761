use crate::check::Subject;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, nearest};
use crate::ir::{Reported, Telemetry};
use crate::value::TagName;
use std::collections::BTreeSet;

pub(super) static CODE: Code = code!("unknown-tag", Error, "a dropped tag that no metric has");

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    let metrics = |telemetry: &'_ Telemetry| telemetry.metrics.as_ref().and_then(Reported::on).cloned();
    let all: Vec<_> = subject.mesh.telemetries().filter_map(metrics).collect();
    let added: BTreeSet<&str> =
        all.iter().flat_map(|metrics| metrics.tags.keys()).map(|(_, _, tag)| tag.text().as_str()).collect();
    let known = || TagName::STANDARD.iter().copied().chain(added.iter().copied());
    for (tag, origin) in all.iter().flat_map(|metrics| &metrics.dropped_tags) {
        if known().any(|name| name == tag.text()) {
            continue;
        }
        let fault = Diagnostic::new(&CODE, format!("no metric has the tag `{tag}`"))
            .at_known(origin.span, "nothing is dropped")
            .note("Istio's metrics have tags of their own, and those that a `tag` adds");
        found.push(match (nearest(tag.text(), known()), origin.span) {
            (Some(near), Some(span)) => fault.fix(format!("did you mean `{near}`?"), span, near),
            (Some(_) | None, _) => fault.help("take it out"),
        });
    }
}
