use crate::check::Subject;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ir::{Labels, Service, Version};
use std::collections::BTreeMap;

pub(super) static CODE: Code = code!("same-labels", Error, "versions that select the same pods");

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    for service in subject.mesh.services.iter().filter(|service| service.versions.len() > 1) {
        let mut first: BTreeMap<&Labels, &Version> = BTreeMap::new();
        for version in &service.versions {
            match first.get(&version.selector.value) {
                Some(first) => found.push(fault(first, version)),
                None if selects_all(service, version) => found.push(selects_all_fault(service, version)),
                None => _ = first.insert(&version.selector.value, version),
            }
        }
    }
}

const WHY: &str =
    "a subset is all pods of the host that have its labels, so a request for one version could reach the other";

fn fault(first: &Version, second: &Version) -> Diagnostic {
    let (one, other) = (&first.name.value, &second.name.value);
    if one == other {
        let fault = Diagnostic::new(&CODE, format!("version `{one}` is named twice"))
            .at_known(second.name.span(), "named again here");
        return fault.note("the subsets of a host need names of their own").help("name each version once");
    }
    let fault = Diagnostic::new(&CODE, format!("versions `{one}` and `{other}` select the same pods"))
        .at_known(second.selector.span(), format!("also the labels of `{one}`"))
        .note(WHY)
        .help(format!("give `{other}` the labels that only its pods have"));
    match first.selector.span() {
        Some(span) => fault.related(span, format!("the labels of `{one}`")),
        None => fault,
    }
}

fn selects_all(service: &Service, version: &Version) -> bool {
    version.selector.value.iter().all(|label| service.selector.value.contains(label))
}

fn selects_all_fault(service: &Service, version: &Version) -> Diagnostic {
    let name = &version.name.value;
    Diagnostic::new(&CODE, format!("version `{name}` selects every pod of `{}`", service.name))
        .at_known(version.selector.span(), "labels that all pods of the service have")
        .note(WHY)
        .help(format!("give `{name}` a label that only its pods have"))
}
