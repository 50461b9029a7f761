use crate::check::Subject;
use crate::check::access::{Member, Named, callers, is_bare};
use crate::check::outside::{is_for, named};
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ir::{
    Callee, GatewayId, Grant, Mesh, NewPath, Paths, Peer, RequestMatch, Route, Service, ServiceId, Target,
};
use crate::value::{Method, Path};
use std::collections::{BTreeMap, BTreeSet};

pub(super) static CODE: Code =
    code!("target-not-allowed", Error, "a route to a service that does not let in who is routed there");

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    let mesh = subject.mesh;
    let concerns = |route: Option<&Route>, peer| route.is_none_or(|route| route.concerns(mesh, peer));
    outside(mesh, found);
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
            for (route, target, other) in service.routed().filter(|(route, ..)| concerns(*route, caller.peer())) {
                let lets_in =
                    allowed.first(other, caller, mesh).is_some() && denied.first(other, caller, mesh).is_none();
                let is_caller = caller.peer() == Peer::Service(other);
                if is_caller || other == id {
                    continue;
                }
                let sent = (*service, route, target);
                if lets_in {
                    let narrow = too_narrow(mesh.service(other), sent, &caller.peers(mesh));
                    found.extend(narrow.map(|grant| not_so(mesh, sent, (other, grant), Sender::Member(caller))));
                } else {
                    found.push(not_allowed(mesh, sent, other, Sender::Member(caller)));
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

/// Requests on their way: whose they were, by which route, and where they are sent.
type Sent<'m> = (&'m Service, Option<&'m Route>, &'m Target);

fn grants_to<'m>(callee: &'m Service, peers: &[Peer]) -> impl Iterator<Item = &'m Grant> {
    callee.grants.iter().filter(|grant| grant.callers.iter().any(|caller| peers.contains(&caller.peer)))
}

/// A grant to one of `peers`, where none of theirs lets in any of the requests that are sent.
fn too_narrow<'m>(callee: &'m Service, sent: Sent<'_>, peers: &[Peer]) -> Option<&'m Grant> {
    let grants = || grants_to(callee, peers);
    if grants().any(|grant| lets_in_some(grant, callee, sent)) { None } else { grants().next() }
}

/// Whether one of the requests may pass, as far as ports, methods and paths tell.
fn lets_in_some(grant: &Grant, callee: &Service, (service, route, target): Sent<'_>) -> bool {
    let conditions = &grant.conditions;
    // What names no port stays on the one that it came to.
    let came_to = || service.ports.iter().map(|port| port.number.value).filter(|port| callee.port(*port).is_some());
    let ports: Vec<_> = target.port.map_or_else(|| came_to().collect(), |port| vec![port]);
    let on_port = ports.is_empty() || ports.iter().any(|port| conditions.holds_port(*port));
    let any_method = conditions.named_methods().next().is_none();
    let holds = |method: &Method| match method {
        Method::Any => true,
        Method::Named(name) => conditions.named_methods().any(|named| named == name),
    };
    let on_path = |path: &Path| {
        conditions.paths.is_empty() || conditions.paths.iter().any(|own| own.value.common(path).is_some())
    };
    let fits = |request: &RequestMatch| {
        let methods = &request.lines.methods;
        let by_method = any_method || methods.is_empty() || methods.iter().any(holds);
        by_method && sent_paths(request, route).iter().any(on_path)
    };
    let matches = route.map_or(&[][..], |route| &route.matches);
    on_port && (matches.is_empty() || matches.iter().any(fits))
}

/// The paths on which requests of a route arrive.
fn sent_paths(request: &RequestMatch, route: Option<&Route>) -> Vec<Path> {
    let asked: Vec<Path> = match request.lines.paths.first() {
        Some(Paths::Patterns { patterns, ignore_case: false }) => {
            patterns.iter().map(|path| path.value.clone()).collect()
        }
        Some(Paths::Patterns { patterns: _, ignore_case: true } | Paths::Regex(_)) | None => vec![Path::all()],
    };
    match route.and_then(|route| route.rewrite.as_ref()).and_then(|rewrite| rewrite.value.path.as_ref()) {
        None => asked,
        Some(NewPath::Whole(path)) => vec![path.clone()],
        Some(NewPath::Prefix(prefix)) => asked.iter().filter_map(|path| path.moved(path, prefix)).collect(),
        Some(NewPath::Regex { .. }) => vec![Path::all()],
    }
}

fn not_so(
    mesh: &Mesh,
    (service, route, target): Sent<'_>,
    (other, grant): (ServiceId, &Grant),
    sender: Sender,
) -> Diagnostic {
    let name = Callee::Service(other).name(mesh, service.namespace);
    let title = format!("{} so", title(mesh, route, &name, sender));
    let fault = Diagnostic::new(&CODE, title)
        .at_known(target.origin.span, "these requests would be refused")
        .note("what is sent on is judged once more where it arrives: by the port and, after a rewrite, by the method and path that it has there");
    let fault = match grant.origin.span {
        Some(span) => fault.related(span, "it lets them in on other ports, methods or paths alone"),
        None => fault,
    };
    fault.help("widen this grant, or add one for these requests")
}

fn gateways_of(service: &Service) -> BTreeSet<GatewayId> {
    service.exposures.iter().map(|exposure| exposure.gateway).collect()
}

fn check_gateways(mesh: &Mesh, service: &Service, found: &mut Diagnostics) {
    let concerns = |route: Option<&Route>, peer| route.is_none_or(|route| route.concerns(mesh, peer));
    for id in gateways_of(service) {
        for (route, target, other) in service.routed().filter(|(route, ..)| concerns(*route, Peer::Gateway(id))) {
            let callee = mesh.service(other);
            if std::ptr::eq(callee, service) {
                continue;
            }
            let (sent, peers) = ((service, route, target), [Peer::Gateway(id), Peer::Anyone]);
            if grants_to(callee, &peers).next().is_none() {
                found.push(not_allowed(mesh, sent, other, Sender::Gateway(id)));
            } else if let Some(grant) = too_narrow(callee, sent, &peers) {
                found.push(not_so(mesh, sent, (other, grant), Sender::Gateway(id)));
            }
        }
    }
}

/// What is outside and names its callers: those whose requests are led there are among them too.
fn outside(mesh: &Mesh, found: &mut Diagnostics) {
    let routed: BTreeMap<ServiceId, &Service> =
        mesh.services().filter(|(_, service)| service.routed_outside().next().is_some()).collect();
    if routed.is_empty() {
        return;
    }
    for (caller, calls) in callers(mesh) {
        for call in calls {
            let Callee::Service(id) = call.callee else { continue };
            let Some(service) = routed.get(&id) else { continue };
            keep_out(mesh, service, (Sender::Member(caller), caller.peers(mesh).as_slice()), found);
        }
    }
    for service in routed.values() {
        for id in gateways_of(service) {
            keep_out(mesh, service, (Sender::Gateway(id), &[Peer::Gateway(id), Peer::Anyone]), found);
        }
    }
}

fn keep_out(mesh: &Mesh, service: &Service, (sender, peers): (Sender, &[Peer]), found: &mut Diagnostics) {
    let Some(own) = peers.first() else { return };
    for (route, target, id) in service.routed_outside_for(mesh, *own) {
        let external = mesh.external(id);
        if !is_for(external, peers) {
            let title = title(mesh, route, &Callee::External(id).name(mesh, service.namespace), sender);
            let fault = Diagnostic::new(&CODE, title)
                .at_known(target.origin.span, "who sends them would be told the way out")
                .note("an external that names its callers is for them alone, and it is the proxy of the caller, or the gateway, that goes there");
            let peer = own.name(mesh, external.namespace.unwrap_or(service.namespace));
            let last = named(external).last();
            found.push(match last {
                Some(last) => fault.related(last.span, format!("`{}` allows only these callers", external.name)).fix(
                    "let it in",
                    last.span.end(),
                    format!(" {peer}"),
                ),
                None => fault,
            });
        }
    }
}

fn title(mesh: &Mesh, route: Option<&Route>, to: &str, sender: Sender) -> String {
    let word = route.map_or_else(|| "mirror".to_owned(), |route| format!("route {}", route.name.value));
    let who = match sender {
        Sender::Member(member) => format!("`{}`", member.name(mesh)),
        Sender::Gateway(id) => format!("gateway `{}`", mesh.gateway(id).name),
    };
    format!("`{word}` sends requests of {who} to `{to}`, which does not allow it")
}

fn not_allowed(
    mesh: &Mesh,
    (service, route, target): (&Service, Option<&Route>, &Target),
    other: ServiceId,
    sender: Sender,
) -> Diagnostic {
    let callee = mesh.service(other);
    let name = Callee::Service(other).name(mesh, service.namespace);
    let (peer, sends) = match sender {
        Sender::Member(member) => (member.peer(), "it is the caller's own proxy that sends the request on"),
        Sender::Gateway(id) => (Peer::Gateway(id), "it is the gateway that sends the request on"),
    };
    let (peer, title) = (peer.name(mesh, callee.namespace), title(mesh, route, &name, sender));
    let fault = Diagnostic::new(&CODE, title)
        .at_known(target.origin.span, "these requests would be refused")
        .note(format!("{sends}, with the caller's identity: whoever is routed to a service must be let in by it"));
    let fault = match callee.origin.span {
        Some(span) => fault.related(span, format!("no `allow` of `{}` names it", callee.name)),
        None => fault,
    };
    fault.help(format!("add `allow {peer}` to `{}`", callee.name))
}
