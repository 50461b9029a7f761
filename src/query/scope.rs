//! What the proxy of a caller knows: whom its workload calls, and nobody else.

use super::Who;
use super::answer::{End, Fix};
use super::can::is_http;
use crate::ir::{Call, Callee, Egress, Mesh, NamespaceId, Peer, Port, Service, ServiceId};
use crate::source::Span;

/// What a caller's proxy does with requests for a service.
pub(super) enum Scope {
    /// It knows the service; by the call of this line.
    Known(Option<Span>),
    /// It does not, and sends everything on that it does not know.
    Open(Option<Span>),
    /// It does not, and this comes of it.
    Unknown { end: End },
}

/// Whether a caller's proxy knows a service.
pub(super) fn of(mesh: &Mesh, who: Who, id: ServiceId, port: &Port) -> Scope {
    match who {
        Who::Service(own) => {
            let service = mesh.service(own);
            let asks = service.asks.iter().map(|ask| mesh.authorizer(ask.authorizer).service.value);
            if asks.into_iter().any(|asked| asked == id) {
                return Scope::Known(None);
            }
            of_calls(mesh, &service.calls, &service.egress, (id, port))
        }
        Who::Workload(own) => {
            let workload = mesh.workload(own);
            of_calls(mesh, &workload.calls, &workload.egress, (id, port))
        }
        Who::Namespace(own) => of_namespace(mesh, own, (id, port)),
        Who::Stranger | Who::Outside(_) => Scope::Known(None),
    }
}

fn of_calls(mesh: &Mesh, calls: &[Call], egress: &Egress, (id, port): (ServiceId, &Port)) -> Scope {
    let leads = |call: &&Call| match call.callee {
        Callee::Service(callee) => callee == id || mesh.service(callee).routed().any(|(_, _, other)| other == id),
        Callee::Anything => true,
        Callee::External(_) | Callee::KubeApi => false,
    };
    if let Some(call) = calls.iter().find(leads) {
        return Scope::Known(call.origin.span);
    }
    let known = calls.iter().filter_map(|call| match call.callee {
        Callee::Service(callee) => Some(mesh.service(callee)),
        Callee::External(_) | Callee::KubeApi | Callee::Anything => None,
    });
    unknown(egress, known, port)
}

/// A pod that is no service and no workload knows its own namespace and that of the control plane.
fn of_namespace(mesh: &Mesh, own: NamespaceId, (id, port): (ServiceId, &Port)) -> Scope {
    let is_root = |id: NamespaceId| mesh.namespace_name(id) == mesh.root_namespace.value.text();
    let sees = |service: &&Service| service.namespace == own || is_root(service.namespace);
    // Where nobody is that the mesh knows, nobody is told what there is to know.
    let is_home = mesh.services.iter().map(|it| it.namespace).chain(mesh.workloads.iter().map(|it| it.namespace));
    if sees(&mesh.service(id)) || !is_home.into_iter().any(|home| home == own) {
        return Scope::Known(None);
    }
    unknown(&mesh.namespace(own).egress, mesh.services.iter().filter(sees), port)
}

/// Of what a proxy does not know it answers requests with 502 where it listens for requests on the port; else it closes
/// the connection.
fn unknown<'m>(egress: &Egress, known: impl IntoIterator<Item = &'m Service>, port: &Port) -> Scope {
    if egress.is_open.value {
        return Scope::Open(egress.is_open.span());
    }
    let listens = |service: &Service| service.http_ports().any(|own| own.number.value == port.number.value);
    let is_answered = is_http(port) && known.into_iter().any(listens);
    Scope::Unknown { end: if is_answered { End::Status(502) } else { End::Closed } }
}

/// The line that makes a service known to a caller.
pub(super) fn fix(mesh: &Mesh, who: Who, id: ServiceId) -> Option<Fix> {
    let (home, span) = match who {
        Who::Service(own) => (mesh.service(own).namespace, mesh.service(own).origin.span),
        Who::Workload(own) => (mesh.workload(own).namespace, mesh.workload(own).origin.span),
        Who::Namespace(_) | Who::Stranger | Who::Outside(_) => return None,
    };
    Some(Fix { line: format!("calls {}", Peer::Service(id).name(mesh, home)), into: span })
}

/// Whether the rules of a service are known to a caller: to those namespaces alone whose requests come to it, by
/// themselves or by another service's routes.
pub(super) fn sees_routes(mesh: &Mesh, who: Who, id: ServiceId) -> bool {
    let home = match who {
        Who::Namespace(own) => Some(own),
        Who::Service(_) | Who::Workload(_) | Who::Stranger | Who::Outside(_) => {
            who.peer().and_then(|peer| mesh.home_of(peer))
        }
    };
    let Some(home) = home else { return false };
    let lets_in = |service: &Service| {
        service.namespace == home || service.caller_namespaces(mesh).is_none_or(|namespaces| namespaces.contains(&home))
    };
    let leads = |service: &&Service| service.routed().any(|(_, _, other)| other == id);
    lets_in(mesh.service(id))
        || mesh
            .services
            .iter()
            .filter(leads)
            .any(|service| service.caller_namespaces(mesh).is_none_or(|namespaces| namespaces.contains(&home)))
}
