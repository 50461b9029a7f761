use crate::check::Subject;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ir::{Door, Mesh};
use crate::source::{Decided, Span};
use crate::value::HostPattern;
use std::collections::BTreeMap;

pub(super) static CODE: Code = code!("external-is-internal", Error, "something declared as outside that is inside");

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    let mesh = subject.mesh;
    let served = served(mesh);
    for host in mesh.externals.iter().flat_map(|external| &external.hosts) {
        if is_of_cluster(mesh, &host.value) {
            found.push(
                fault(host, "a name of the cluster's own services")
                    .note("a ServiceEntry of that name would hide the service: its rules, its identity and its mutual TLS")
                    .help("call the service by its name in intent: `calls NAME`"),
            );
        } else if let Some(gateway) = served.get(&host.value) {
            let fault = fault(host, "a gateway of this mesh serves it")
                .note(
                    "the call would leave the mesh and come back by the gateway as a stranger's, without its identity",
                )
                .help("call the service that is exposed on it: `calls NAME`");
            found.push(fault.related(*gateway, "served here"));
        }
    }
}

fn fault(host: &Decided<HostPattern>, label: &str) -> Diagnostic {
    Diagnostic::new(&CODE, format!("`{}` is not outside", host.value)).at_known(host.span(), label)
}

/// Whether a name is one that the cluster's DNS gives to services: in full, or `NAME.NAMESPACE.svc`, or
/// `NAME.NAMESPACE` of a namespace that is declared.
fn is_of_cluster(mesh: &Mesh, host: &HostPattern) -> bool {
    let text = match host {
        HostPattern::Exact(host) | HostPattern::Below(host) => host.text().as_str(),
        HostPattern::Any => return false,
    };
    let domain = mesh.cluster_domain.value.text().as_str();
    let is_below = text == domain || text.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.'));
    // `NAME.NAMESPACE`, with or without `.svc`.
    let short = text.strip_suffix(".svc").unwrap_or(text);
    let namespace = short.split_once('.').map(|(_, rest)| rest);
    is_below || mesh.namespaces.iter().any(|found| Some(found.name.as_str()) == namespace)
}

/// The hosts by which services are exposed, each with its place.
fn served(mesh: &Mesh) -> BTreeMap<&HostPattern, Span> {
    let mut served = BTreeMap::new();
    for exposure in mesh.services.iter().flat_map(|service| &service.exposures) {
        if let (Door::Host(host), Some(span)) = (&exposure.door.value, exposure.door.span()) {
            served.entry(host).or_insert(span);
        }
    }
    served
}
