use crate::check::Subject;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ir::Port;
use std::collections::BTreeMap;

pub(super) static CODE: Code = code!("same-port-name", Error, "two ports of one name");

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    for service in subject.mesh.services.iter().filter(|service| service.ports.len() > 1) {
        let mut first: BTreeMap<&str, &Port> = BTreeMap::new();
        for port in &service.ports {
            match first.get(port.name.value.as_str()) {
                Some(first) => found.push(fault(first, port)),
                None => _ = first.insert(&port.name.value, port),
            }
        }
    }
}

/// Names that nobody says are apart: one of the two is said, and that one is shown.
fn fault(first: &Port, second: &Port) -> Diagnostic {
    let (at, other) = if second.name.span().is_some() { (second, first) } else { (first, second) };
    let name = &at.name.value;
    let free = format!("{}-{}", at.protocol.word(), at.number.value);
    let fault = Diagnostic::new(
        &CODE,
        format!("ports {} and {} are both named `{name}`", first.number.value, second.number.value),
    )
    .at_known(at.name.span(), format!("the name of port {}", at.number.value))
    .note("Kubernetes refuses a Service of which two ports have one name");
    let fault = match at.name.span() {
        Some(span) => fault.fix("give it a name of its own", span, free),
        None => fault,
    };
    match other.name.span().or(other.number.span()) {
        Some(span) => fault.related(span, format!("also the name of port {}", other.number.value)),
        None => fault,
    }
}
