use crate::check::Subject;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ir::Port;
use std::collections::BTreeMap;

pub(super) static CODE: Code = code!("protocol-clash", Error, "one port of the pods with two protocols");

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    for service in subject.mesh.services.iter().filter(|service| service.ports.len() > 1) {
        let mut first: BTreeMap<_, &Port> = BTreeMap::new();
        for port in &service.ports {
            let earlier = *first.entry(port.target.value).or_insert(port);
            if earlier.protocol != port.protocol {
                found.push(fault(earlier, port));
            }
        }
    }
}

fn fault(first: &Port, second: &Port) -> Diagnostic {
    let (one, other) = (first.protocol.word(), second.protocol.word());
    let place = |port: &Port| port.target.span().or(port.number.span());
    let fault = Diagnostic::new(&CODE, format!("port {} of the pods speaks `{one}` and `{other}`", second.target.value))
        .at_known(place(second), format!("`{other}` by port {}", second.number.value))
        .note("the proxy of a pod has one listener for each of its ports, with one protocol: which of the two it takes is not defined")
        .help("declare one protocol for both, or give each a `target` of its own");
    match place(first) {
        Some(span) => fault.related(span, format!("`{one}` by port {}", first.number.value)),
        None => fault,
    }
}
