use crate::check::Subject;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ir::{OutsidePort, Port};
use crate::source::Decided;
use crate::value::{self, Protocol};
use smol_str::SmolStr;
use std::collections::BTreeMap;

pub(super) static CODE: Code = code!("same-port-name", Error, "two ports of one name");

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    for service in subject.mesh.services.iter().filter(|service| service.ports.len() > 1) {
        check(service.ports.iter().map(Named::from), IN_SERVICE, found);
    }
    for external in subject.mesh.externals.iter().filter(|external| external.ports.len() > 1) {
        check(external.ports.iter().map(Named::from), OUTSIDE, found);
    }
}

const IN_SERVICE: &str = "Kubernetes refuses a Service of which two ports have one name";
const OUTSIDE: &str = "Istio refuses a ServiceEntry of which two ports have one name";

/// A port with its name.
#[derive(Clone, Copy)]
struct Named<'m> {
    number: &'m Decided<value::Port>,
    protocol: Protocol,
    name: &'m Decided<SmolStr>,
}

impl<'m> From<&'m Port> for Named<'m> {
    fn from(port: &'m Port) -> Self {
        Named { number: &port.number, protocol: port.protocol, name: &port.name }
    }
}

impl<'m> From<&'m OutsidePort> for Named<'m> {
    fn from(port: &'m OutsidePort) -> Self {
        Named { number: &port.number, protocol: port.protocol, name: &port.name }
    }
}

fn check<'m>(ports: impl Iterator<Item = Named<'m>>, why: &'static str, found: &mut Diagnostics) {
    let mut first: BTreeMap<&str, Named<'m>> = BTreeMap::new();
    for port in ports {
        match first.get(port.name.value.as_str()) {
            Some(first) => found.push(fault(*first, port, why)),
            None => _ = first.insert(&port.name.value, port),
        }
    }
}

/// Names that nobody says are apart: one of the two is said, and that one is shown.
fn fault(first: Named<'_>, second: Named<'_>, why: &'static str) -> Diagnostic {
    let (at, other) = if second.name.span().is_some() { (second, first) } else { (first, second) };
    let name = &at.name.value;
    let free = format!("{}-{}", at.protocol.word(), at.number.value);
    let fault = Diagnostic::new(
        &CODE,
        format!("ports {} and {} are both named `{name}`", first.number.value, second.number.value),
    )
    .at_known(at.name.span(), format!("the name of port {}", at.number.value))
    .note(why);
    let fault = match at.name.span() {
        Some(span) => fault.fix("give it a name of its own", span, free),
        None => fault,
    };
    match other.name.span().or(other.number.span()) {
        Some(span) => fault.related(span, format!("also the name of port {}", other.number.value)),
        None => fault,
    }
}
