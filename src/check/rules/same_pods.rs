use crate::check::Subject;
use crate::check::said::same_pods;
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

fn fault(first: &Service, second: &Service, target: Port) -> Diagnostic {
    let tell = |_: &str, _: &str| {
        Diagnostic::new(&CODE, format!("`{}` and `{}` select the same pods and both lead to port {target}", first.name, second.name))
            .note("policies of Istio and Kubernetes are bound to pods and their ports: who may call one service could call the other")
            .help("make it one service, or let each lead to a port of its own")
    };
    same_pods(second.into(), first.into(), tell)
}
