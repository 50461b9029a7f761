use crate::check::Subject;
use crate::check::gateways::exposed;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, or_list};
use crate::ir::{Door, Exposure, GatewayId, Mesh, NamespaceId, ServedHost, Service};
use crate::value::HostPattern;
use std::collections::BTreeMap;

pub(super) static CODE: Code = code!("foreign-host", Error, "an exposure on a host that is kept for other namespaces");

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    let mesh = subject.mesh;
    for service in &mesh.services {
        for exposure in &service.exposures {
            let listeners = mesh.gateway(exposure.gateway).through(exposure);
            let mut served = listeners.filter_map(|listener| listener.serves_door(&exposure.door.value));
            if let Some(served) = served.find(|served| !is_for(served, service.namespace)) {
                found.push(fault(mesh, (service, exposure), served));
            }
        }
    }
    wildcards(mesh, found);
}

fn is_for(served: &ServedHost, namespace: NamespaceId) -> bool {
    served.namespaces.as_ref().is_none_or(|kept| kept.contains(&namespace))
}

/// For a gateway and a wildcard, who exposes it: of each namespace the first.
type Wide<'m> = BTreeMap<(GatewayId, &'m HostPattern), BTreeMap<NamespaceId, (&'m Service, &'m Exposure)>>;

/// A wildcard takes the requests of every host below it, also of those that are kept for others.
fn wildcards(mesh: &Mesh, found: &mut Diagnostics) {
    let mut wide: Wide<'_> = BTreeMap::new();
    for ((id, door), exposures) in exposed(mesh) {
        if let Door::Host(host @ HostPattern::Below(_)) = door {
            let by_namespace = wide.entry((id, host)).or_default();
            for (service, exposure) in exposures {
                by_namespace.entry(service.namespace).or_insert((service, exposure));
            }
        }
    }
    for (id, gateway) in mesh.gateways() {
        for kept in gateway.listeners.iter().flat_map(|listener| &listener.hosts) {
            let Some(namespaces) = &kept.namespaces else { continue };
            for wider in kept.pattern.and_wider().skip(1) {
                let takers = wide.get(&(id, &wider)).into_iter().flatten();
                let foreign = takers.filter(|(namespace, _)| !namespaces.contains(namespace));
                found.extend(foreign.map(|(_, taker)| fault(mesh, *taker, kept)));
            }
        }
    }
}

fn fault(mesh: &Mesh, (service, exposure): (&Service, &Exposure), kept: &ServedHost) -> Diagnostic {
    let home = mesh.namespace_name(service.namespace);
    let door = &exposure.door.value;
    let is_kept = exposure.host().is_none_or(|host| kept.pattern.covers(host));
    let (title, fact) = match is_kept {
        true => (
            format!("`{door}` is kept for other namespaces than `{home}`"),
            format!("`{}` is in `{home}`", service.name),
        ),
        false => (
            format!("`{door}` holds `{}`, which is kept for other namespaces than `{home}`", kept.pattern),
            format!("would take the requests for `{}` that nobody else takes", kept.pattern),
        ),
    };
    let names = kept.namespaces.iter().flatten().map(|id| mesh.namespace_name(*id).as_str());
    Diagnostic::new(&CODE, title)
        .at_known(exposure.door.span(), fact)
        .related(kept.span, format!("for services of {} alone", or_list(names)))
        .note(
            "Istio lets any route of the gateway's namespace bind to a host: whose host it is, only the compiler keeps",
        )
        .help(format!("expose it elsewhere, or let `{home}` in with `namespace {home}` at that host"))
}
