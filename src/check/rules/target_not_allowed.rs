use crate::check::Subject;
use crate::check::access::{Member, Named, callers, is_bare};
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ir::{Callee, GatewayId, Lines, Mesh, Peer, Route, Service, ServiceId, Target};
use std::collections::BTreeMap;

pub(super) static CODE: Code =
    code!("target-not-allowed", Error, "a route to a service that does not let in who is routed there");

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    let mesh = subject.mesh;
    let routed: BTreeMap<ServiceId, &Service> =
        mesh.services().filter(|(_, service)| service.routed().next().is_some()).collect();
    if routed.is_empty() {
        return;
    }
    let allowed = Named::of(mesh, |service| &service.grants, |_| true);
    let denied = Named::of(mesh, |service| &service.denials, is_bare);
    for (caller, calls) in callers(mesh) {
        for call in calls {
            let Callee::Service(id) = call.callee else { continue };
            let Some(service) = routed.get(&id).filter(|_| caller.peer() != Peer::Service(id)) else { continue };
            for (route, target, other) in service.routed().filter(|(route, ..)| concerns(mesh, *route, caller.peer())) {
                let lets_in =
                    allowed.first(other, caller, mesh).is_some() && denied.first(other, caller, mesh).is_none();
                let is_caller = caller.peer() == Peer::Service(other);
                if !lets_in && !is_caller && other != id {
                    found.push(not_allowed(mesh, (service, route, target), other, Sender::Member(caller)));
                }
            }
        }
    }
    for service in routed.values() {
        check_gateways(mesh, service, found);
    }
}

/// Who sends a request on.
#[derive(Clone, Copy)]
enum Sender {
    Member(Member),
    Gateway(GatewayId),
}

/// Whether a route may be about the requests of a caller.
fn concerns(mesh: &Mesh, route: Option<&Route>, caller: Peer) -> bool {
    let Some(route) = route else { return true };
    let is_of = |lines: &Lines| lines.from.is_empty() || lines.from.iter().any(|from| from.peer.holds(caller, mesh));
    let excludes = |not: &Lines| not.from.iter().any(|from| from.peer.holds(caller, mesh));
    let mut matches = route.matches.iter();
    route.matches.is_empty()
        || matches.any(|request| is_of(&request.lines) && !request.not.as_deref().is_some_and(excludes))
}

fn check_gateways(mesh: &Mesh, service: &Service, found: &mut Diagnostics) {
    let mut gateways: Vec<GatewayId> = service.exposures.iter().map(|exposure| exposure.gateway).collect();
    gateways.sort_unstable();
    gateways.dedup();
    for id in gateways {
        for (route, target, other) in service.routed().filter(|(route, ..)| concerns(mesh, *route, Peer::Gateway(id))) {
            let callee = mesh.service(other);
            let names = |peer: Peer| matches!(peer, Peer::Anyone) || peer == Peer::Gateway(id);
            let mut granted = callee.grants.iter().flat_map(|grant| &grant.callers);
            if !std::ptr::eq(callee, service) && !granted.any(|caller| names(caller.peer)) {
                found.push(not_allowed(mesh, (service, route, target), other, Sender::Gateway(id)));
            }
        }
    }
}

fn not_allowed(
    mesh: &Mesh,
    (service, route, target): (&Service, Option<&Route>, &Target),
    other: ServiceId,
    sender: Sender,
) -> Diagnostic {
    let callee = mesh.service(other);
    let name = Callee::Service(other).name(mesh, service.namespace);
    let (who, peer, sends) = match sender {
        Sender::Member(member) => {
            let peer = member.peer().name(mesh, callee.namespace);
            (format!("`{}`", member.name(mesh)), peer, "it is the caller's own proxy that sends the request on")
        }
        Sender::Gateway(id) => {
            let peer = Peer::Gateway(id).name(mesh, callee.namespace);
            (format!("gateway `{}`", mesh.gateway(id).name), peer, "it is the gateway that sends the request on")
        }
    };
    let word = route.map_or_else(|| "mirror".to_owned(), |route| format!("route {}", route.name.value));
    let title = format!("`{word}` sends requests of {who} to `{name}`, which does not allow it");
    let fault = Diagnostic::new(&CODE, title)
        .at_known(target.origin.span, "these requests would be refused")
        .note(format!("{sends}, with the caller's identity: whoever is routed to a service must be let in by it"));
    let fault = match callee.origin.span {
        Some(span) => fault.related(span, format!("no `allow` of `{}` names it", callee.name)),
        None => fault,
    };
    fault.help(format!("add `allow {peer}` to `{}`", callee.name))
}
