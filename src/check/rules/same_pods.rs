use crate::check::Subject;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ir::{Labels, NamespaceId, Service};
use crate::value::Port;
use std::collections::BTreeMap;

pub(super) static CODE: Code = code!("same-pods", Error, "two services of the same pods on one port");

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    let mut first: BTreeMap<(NamespaceId, &Labels, Port), &Service> = BTreeMap::new();
    for service in &subject.mesh.services {
        let key = |port: &crate::ir::Port| (service.namespace, &service.selector.value, port.target.value);
        let shared =
            service.ports.iter().find_map(|port| first.get(&key(port)).map(|other| (*other, port.target.value)));
        if let Some((other, target)) = shared {
            found.push(fault(other, service, target));
        }
        for port in &service.ports {
            first.entry(key(port)).or_insert(service);
        }
    }
}

/// Two services have labels of their own unless one of them says otherwise: that one is shown.
fn fault(first: &Service, second: &Service, target: Port) -> Diagnostic {
    let (at, other) = if second.selector.span().is_some() { (second, first) } else { (first, second) };
    let fault = Diagnostic::new(&CODE, format!("`{}` and `{}` select the same pods and both lead to port {target}", first.name, second.name))
        .at_known(at.selector.span(), format!("the pods of `{}`", at.name))
        .note("policies of Istio and Kubernetes are bound to pods and their ports: who may call one service could call the other")
        .help("make it one service, or let each lead to a port of its own");
    match other.selector.span().or(other.origin.span) {
        Some(span) => fault.related(span, format!("also the pods of `{}`", other.name)),
        None => fault,
    }
}
