//! The way of a request from outside, through a gateway.

use super::answer::{Answer, End, Topic, Verdict};
use super::can::{Unclear, Way, all_places, broken};
use super::matching::Standing;
use super::policies::{Policies, Said, identity_of};
use super::route::{Routing, Taken, holds, rewritten};
use super::rules::{self, Reading};
use super::sent::{Sent, is_of};
use super::{Question, words};
use crate::access::{Action, Because, Dimension, Outcome, Request, Rule, Value, Verdicts, Wire};
use crate::ir::{
    ClientCertificates, Door, Exposure, Gateway, GatewayId, Grant, Listener, Mesh, Paths, Peer, Readers, Service,
    ServiceId,
};
use crate::source::Decided;
use crate::value::{HostPattern, Path, ProtocolKind};
use smol_str::{SmolStr, format_smolstr};

/// An exposure with its service.
type Open<'m> = (ServiceId, &'m Exposure);

/// What comes of a client's request at a gateway.
pub(super) fn through(mesh: &Mesh, question: &Question, wanted: Option<GatewayId>) -> Result<Answer, Unclear> {
    let service = mesh.service(question.target);
    let own: Vec<&Exposure> =
        service.exposures.iter().filter(|door| wanted.is_none_or(|id| door.gateway == id)).collect();
    if own.is_empty() {
        return Ok(closed(mesh, service, wanted));
    }
    let (id, host) = door_of(mesh, service, &own, question)?;
    let gateway = mesh.gateway(id);
    let by = format!("gateway {}", gateway.name);
    let Some(listener) = listener(gateway, &host, &own, question) else {
        let mut way = Way::default();
        way.say(Topic::Door, format!("{by} serves no {host}"), gateway.origin.span);
        // Without TLS the host is read, and refused like everything that no door lets in.
        let is_wanted = |listener: &&Listener| question.port.is_none_or(|port| listener.number.value == port);
        let is_read =
            |listener: &Listener| listener.kind() == ProtocolKind::Http && !listener.protocol.value.is_encrypted();
        let reads = gateway.listeners.iter().find(is_wanted).is_some_and(is_read);
        return Ok(way.end(Verdict::No(if reads { End::Status(403) } else { End::Closed }), by));
    };
    let mut sent = Sent::new(question, host, listener.number.value, mesh.path_normalization.value);
    let mut way = Way::default();
    if let Some(end) = unproved(listener, question, &by, &mut way) {
        return Ok(way.end(Verdict::No(end), by));
    }
    if listener.kind() != ProtocolKind::Http {
        way.say(Topic::Door, format!("{by}, port {}: bytes are handed on", listener.number.value), Some(listener.span));
        return Ok(handed_on(mesh, (id, gateway, listener), sent, way));
    }
    if sent.is_broken() {
        return Ok(broken(way, by));
    }
    let readers = Readers::of(mesh).at_gateway(id);
    let shown = question.token.as_ref();
    if shown.is_some_and(|token| !readers.is_empty() && !readers.contains(&token.issuer)) {
        way.say(Topic::Token, format!("{by} reads no tokens of this issuer"), None);
        return Ok(way.end(Verdict::No(End::Status(401)), by));
    }
    let is_read = shown.is_some_and(|token| readers.contains(&token.issuer));
    let policies = policies(mesh, id, gateway, &sent);
    let request = sent.request(mesh, listener.target.value, is_read);
    let verdict = Verdicts::decide(&policies.list, Wire::Http, &request);
    address_matters(mesh, id, &policies, &request, &mut way);
    if verdict.outcome == Outcome::Denied {
        refused(mesh, (service, gateway), (&policies, verdict.because), &mut way);
        return Ok(way.end(Verdict::No(End::Status(403)), by));
    }
    if let Some(origin) = listener.redirect {
        way.say(
            Topic::Door,
            format!("{by}, port {}: every request is sent to https", listener.number.value),
            origin.span,
        );
        return Ok(way.end(Verdict::No(End::Redirect(301)), by));
    }
    let Some((to, exposure, path)) = taking(mesh, id, &sent) else {
        way.say(Topic::Door, format!("{by} has no rule for {}{}", sent.host, sent.path), None);
        return Ok(way.end(Verdict::No(End::Status(404)), by));
    };
    let text = format!("{by}, {}", crate::ir::how::exposure(mesh, exposure));
    way.say(Topic::Door, text, exposure.origin.span);
    Ok(routed(mesh, (to, exposure, path), &mut sent, listener, (way, by)))
}

/// The end of a client that does not show the certificate that a listener asks for.
fn unproved(listener: &Listener, question: &Question, by: &str, way: &mut Way) -> Option<End> {
    let asked = listener.clients.as_deref()?;
    let ClientCertificates { authority, optional, names } = asked;
    let of = authority.as_ref().map(|secret| format!(" of `{}`", secret.value)).unwrap_or_default();
    let names: Vec<&str> = names.iter().map(|name| name.value.as_str()).collect();
    let named = if names.is_empty() { String::new() } else { format!(" named {}", names.join(" or ")) };
    let span = authority.as_ref().and_then(Decided::span).unwrap_or(listener.span);
    let port = listener.number.value;
    let is_optional = optional.as_ref().is_some_and(|said| said.value);
    let (text, is_let_in) = match &question.certificate {
        None if is_optional => (format!("{by}, port {port}: a client certificate{of} may be shown"), true),
        None => (format!("{by}, port {port}: clients must show a certificate{of}{named} (--certificate)"), false),
        // A name is looked at where somebody says one.
        Some(name) if names.is_empty() || name.is_empty() || names.contains(&name.as_str()) => {
            (format!("{by}, port {port}: the client shows a certificate{of}{named}"), true)
        }
        Some(name) => (format!("{by}, port {port}: no certificate is taken but those{named}, and not `{name}`"), false),
    };
    way.say(Topic::Door, text, Some(span));
    (!is_let_in).then_some(End::Closed)
}

/// A service that is not open to the outside there.
fn closed(mesh: &Mesh, service: &Service, wanted: Option<GatewayId>) -> Answer {
    let mut way = Way::default();
    let Some(id) = wanted else {
        let text = match mesh.gateways.is_empty() {
            true => "there is no gateway in this mesh".to_owned(),
            false => format!("{} has no `expose`", service.name),
        };
        way.say(Topic::Refused, text, service.origin.span);
        return way.end(Verdict::No(End::NoDoor), format!("no gateway leads to {}", service.name));
    };
    let by = format!("gateway {}", mesh.gateway(id).name);
    way.say(Topic::Refused, format!("{} is not exposed through {by}", service.name), service.origin.span);
    way.end(Verdict::No(End::Status(403)), by)
}

/// Through which gateway, under which host.
fn door_of(
    mesh: &Mesh,
    service: &Service,
    own: &[&Exposure],
    question: &Question,
) -> Result<(GatewayId, SmolStr), Unclear> {
    if let Some(host) = &question.host {
        let name = host.to_ascii_lowercase();
        let name = name.split(':').next().unwrap_or_default();
        let fits = |door: &&&Exposure| match &door.door.value {
            Door::Host(pattern) => is_of(pattern, name),
            Door::Listener(_) => true,
        };
        // Where the service is not exposed under the host, its first gateway says what comes of it.
        let door = own.iter().find(fits).or(own.first());
        return door.map(|door| (door.gateway, host.clone())).ok_or_else(|| unclear(mesh, service, own));
    }
    let mut doors: Vec<(GatewayId, SmolStr)> = own
        .iter()
        .filter_map(|door| match &door.door.value {
            Door::Host(HostPattern::Exact(host)) => Some((door.gateway, host.text().clone())),
            Door::Host(HostPattern::Below(host)) => Some((door.gateway, format_smolstr!("any.{host}"))),
            Door::Host(HostPattern::Any) => None,
            Door::Listener(number) => Some((door.gateway, format_smolstr!("any.example:{number}"))),
        })
        .collect();
    doors.sort();
    doors.dedup();
    match doors.as_slice() {
        [one] => Ok(one.clone()),
        _ => Err(unclear(mesh, service, own)),
    }
}

fn unclear(mesh: &Mesh, service: &Service, own: &[&Exposure]) -> Unclear {
    let mut doors: Vec<String> =
        own.iter().map(|door| format!("{} (gateway:{})", door.door.value, mesh.gateway(door.gateway).name)).collect();
    doors.dedup();
    Unclear {
        what: format!("`{}` has several doors", service.name),
        help: format!("say which host: --host; there are {}", doors.join(", ")),
    }
}

/// The listener that a client uses: the one that is asked for, else the one that does not send it elsewhere.
fn listener<'m>(gateway: &'m Gateway, host: &str, own: &[&Exposure], question: &Question) -> Option<&'m Listener> {
    let name = host.to_ascii_lowercase();
    let name = name.split(':').next().unwrap_or_default().to_owned();
    let serves = |listener: &&Listener| {
        listener.hosts.iter().any(|served| is_of(&served.pattern, &name))
            && question.port.is_none_or(|port| listener.number.value == port)
    };
    let of_door = |listener: &Listener| own.iter().any(|door| listener.serves_door(&door.door.value).is_some());
    let mut all: Vec<&Listener> = gateway.listeners.iter().filter(serves).collect();
    all.sort_by_key(|listener| (!of_door(listener), listener.redirect.is_some(), listener.number.value));
    all.first().copied()
}

/// What a gateway lets in and keeps out.
fn policies<'m>(mesh: &'m Mesh, id: GatewayId, gateway: &'m Gateway, sent: &Sent<'_>) -> Policies<'m> {
    let mut policies = Policies::default();
    let namespace = mesh.namespace_name(gateway.namespace);
    let mut admitted = Vec::new();
    for exposure in mesh.services.iter().flat_map(|service| &service.exposures).filter(|door| door.gateway == id) {
        for admission in gateway.admissions(exposure) {
            admitted.push((rules::admission(mesh, &admission, exposure.is_asked_first()), Said::Exposure(exposure)));
        }
        admitted.extend(redirected(mesh, gateway, exposure).map(|rule| (rule, Said::Exposure(exposure))));
    }
    policies.add(Action::Allow, namespace, admitted);
    let denials =
        gateway.denials.iter().filter_map(|denial| Some((denied(mesh, gateway, denial)?, Said::Denial(denial))));
    policies.add(Action::Deny, namespace, denials.collect());
    let tokens = taking(mesh, id, sent).into_iter().flat_map(|(_, exposure, _)| tokens(mesh, gateway, exposure));
    policies.add(Action::Deny, namespace, tokens.collect());
    policies
}

/// Plain requests for a host that is sent to https come in, to be sent there.
fn redirected(mesh: &Mesh, gateway: &Gateway, exposure: &Exposure) -> Option<Rule> {
    let host = exposure.host()?;
    let redirecting: Vec<&Listener> = gateway.serving(host).filter(|it| it.redirect.is_some()).collect();
    if redirecting.is_empty() {
        return None;
    }
    let clients: Option<Vec<_>> = gateway.grants.iter().map(Grant::clients).collect();
    let admission = crate::ir::Admission {
        clients: clients.unwrap_or_default().concat(),
        hosts: vec![host.clone()],
        methods: Vec::new(),
        paths: vec![Path::all()],
        grant: None,
        listeners: redirecting,
        origin: exposure.origin,
    };
    Some(rules::admission(mesh, &admission, false))
}

fn denied(mesh: &Mesh, gateway: &Gateway, denial: &Grant) -> Option<Rule> {
    let touched: Vec<&Listener> = gateway.listeners.iter().filter(|listener| denial.touches(listener)).collect();
    let targets: Vec<SmolStr> = touched.iter().map(|listener| format_smolstr!("{}", listener.target.value)).collect();
    let numbers: Vec<_> = touched.iter().map(|listener| listener.number.value).collect();
    let rule = rules::narrowed(mesh, (&targets, &numbers), &denial.conditions, Reading::Wide)?;
    Some(Rule { from: rules::clients(&denial.clients().unwrap_or_default()), ..rule })
}

/// Says where the address of the client would decide otherwise and nobody said it.
fn address_matters(mesh: &Mesh, id: GatewayId, policies: &Policies<'_>, request: &Request, way: &mut Way) {
    if request.value(&Dimension::RemoteAddress) != Value::Absent {
        return;
    }
    let gateway = mesh.gateway(id);
    let now = Verdicts::decide(&policies.list, Wire::Http, request).outcome;
    let said = gateway.grants.iter().chain(&gateway.denials).flat_map(|grant| grant.clients().unwrap_or_default());
    let doors = mesh.services.iter().flat_map(|service| &service.exposures).filter(|door| door.gateway == id);
    for range in said.chain(doors.flat_map(|door| door.from.iter().copied())) {
        let there = request.clone().with(Dimension::RemoteAddress, Value::Address(range.address()));
        if Verdicts::decide(&policies.list, Wire::Http, &there).outcome != now {
            let does = if now == Outcome::Denied { "let in" } else { "refused" };
            way.say(Topic::Door, format!("from {range} it would be {does} (--from-address)"), None);
            return;
        }
    }
}

/// What refuses requests of a door that do not show its tokens. Browsers ask without one whether they may send.
fn tokens<'m>(mesh: &'m Mesh, gateway: &'m Gateway, exposure: &'m Exposure) -> Vec<(Rule, Said<'m>)> {
    let open: Vec<&Listener> = gateway.through(exposure).filter(|it| it.redirect.is_none()).collect();
    let targets: Vec<SmolStr> = open.iter().map(|listener| format_smolstr!("{}", listener.target.value)).collect();
    let numbers: Vec<_> = open.iter().map(|listener| listener.number.value).collect();
    let mut found = Vec::new();
    for asked in &exposure.tokens {
        let conditions = exposure.at_door(&asked.conditions);
        let Some(rule) = rules::narrowed(mesh, (&targets, &numbers), &conditions, Reading::Wide) else { continue };
        let mut to = rule.to;
        for operation in to.iter_mut().filter(|_| exposure.is_asked_first()) {
            operation.not_methods.push(rules::PREFLIGHT);
        }
        found
            .extend(rules::refusals(mesh, &asked.token, &to).into_iter().map(|rule| (rule, Said::Token(&asked.token))));
    }
    found
}

fn refused(
    mesh: &Mesh,
    (service, gateway): (&Service, &Gateway),
    (policies, because): (&Policies<'_>, Because),
    way: &mut Way,
) {
    let said = match because {
        Because::Rule(at) => policies.said(at),
        Because::NothingAllows | Because::NoRule => None,
    };
    match said {
        Some(Said::Denial(denial)) => {
            way.say(Topic::Refused, format!("deny {}", words::grant(mesh, service, denial)), denial.origin.span);
        }
        Some(Said::Token(token)) => {
            way.say(Topic::Refused, format!("it shows no {}", crate::ir::how::token(mesh, token)), token.origin.span);
        }
        Some(Said::Grant(_) | Said::Exposure(_) | Said::Ask(_)) | None => {
            for exposure in &service.exposures {
                way.say(Topic::Allowed, crate::ir::how::exposure(mesh, exposure), exposure.origin.span);
            }
            way.say(Topic::Refused, format!("gateway {} lets in nothing like this", gateway.name), None);
        }
    }
}

/// The exposure that takes a request: of the narrowest host, by the longest path.
fn taking<'m>(mesh: &'m Mesh, id: GatewayId, sent: &Sent<'_>) -> Option<(ServiceId, &'m Exposure, &'m Path)> {
    let name = sent.name();
    let all = mesh.services().flat_map(|(id, service)| service.exposures.iter().map(move |door| (id, door)));
    let here: Vec<Open<'m>> =
        all.filter(|(_, door)| door.gateway == id && door.host().is_some_and(|host| is_of(host, &name))).collect();
    let width = |host: &HostPattern| match host {
        HostPattern::Exact(_) => 0,
        HostPattern::Below(parent) => 1_000 - parent.text().len(),
        HostPattern::Any => 1_000,
    };
    let mut fitting: Vec<(usize, std::cmp::Reverse<usize>, ServiceId, &Exposure, &Path)> = Vec::new();
    for (service, door) in here {
        for path in door.paths.iter().filter(|path| holds(&path.value, &sent.path)) {
            let Some(host) = door.host() else { continue };
            fitting.push((width(host), std::cmp::Reverse(path.value.stem().len()), service, door, &path.value));
        }
    }
    fitting.sort_by_key(|(width, length, ..)| (*width, *length));
    fitting.into_iter().next().map(|(_, _, service, door, path)| (service, door, path))
}

/// What comes of a request that a door has taken.
fn routed(
    mesh: &Mesh,
    (id, exposure, path): (ServiceId, &Exposure, &Path),
    sent: &mut Sent<'_>,
    listener: &Listener,
    (mut way, by): (Way, String),
) -> Answer {
    let service = mesh.service(id);
    if let Some(rewrite) = &exposure.rewrite {
        let pattern = Paths::Patterns {
            patterns: vec![crate::source::Spanned::new(
                path.clone(),
                exposure.paths.first().map_or(listener.span, |it| it.span),
            )],
            ignore_case: false,
        };
        rewritten(sent, &rewrite.value, Some(&pattern));
    }
    sent.port = exposure.port;
    let name = exposure.door.value.object_name();
    let mut routing = Routing {
        standing: Standing {
            mesh,
            service,
            gateway: Some(exposure.gateway),
            is_encrypted: listener.protocol.value.is_encrypted(),
            knows_claims: mesh.knows_claims(exposure),
        },
        id,
        handlings: Some(&exposure.routes),
        actions: exposure.actions.as_deref(),
        by: &by,
        object: format!("VirtualService {}/{name}", mesh.namespace_name(mesh.gateway(exposure.gateway).namespace)),
        facts: &mut way.facts,
    };
    let places = match routing.take(sent, ProtocolKind::Http) {
        Taken::Sent(places) => places,
        Taken::Answered(answer) => return answer,
        Taken::Unknown(why) => return way.end(Verdict::Unknown(why), by),
    };
    sent.identity = identity_of(mesh, Peer::Gateway(exposure.gateway));
    if id != sent.question.target {
        let text = format!("this goes to {}, not to {}", service.name, mesh.service(sent.question.target).name);
        way.say(Topic::Refused, text, exposure.origin.span);
        return way.end(Verdict::No(End::Status(404)), by);
    }
    all_places(mesh, sent, &places, way)
}

/// Connections of which a gateway knows the port, or the name that a TLS client asks for.
fn handed_on(
    mesh: &Mesh,
    (id, gateway, listener): (GatewayId, &Gateway, &Listener),
    mut sent: Sent<'_>,
    mut way: Way,
) -> Answer {
    let by = format!("gateway {}", gateway.name);
    let name = sent.name();
    let doors = mesh.services().flat_map(|(id, service)| service.exposures.iter().map(move |door| (id, door)));
    let fits = |door: &Exposure| match &door.door.value {
        Door::Listener(number) => *number == listener.number.value,
        Door::Host(host) => door.kind != ProtocolKind::Http && is_of(host, &name),
    };
    let mut here = doors.filter(|(_, door)| door.gateway == id && fits(door));
    let Some((to, exposure)) = here.next() else { return way.end(Verdict::No(End::Closed), by) };
    sent.port = exposure.port;
    sent.identity = identity_of(mesh, Peer::Gateway(id));
    way.say(Topic::Door, crate::ir::how::exposure(mesh, exposure), exposure.origin.span);
    let place = super::route::Place::Service { id: to, port: Some(exposure.port), name: mesh.service(to).name.clone() };
    all_places(mesh, &sent, &[place], way)
}
