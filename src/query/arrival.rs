//! What the proxy of a service does with a request that arrives.

use super::answer::{Answer, End, Fix, Topic, Verdict};
use super::can::{Way, arrived, is_http, refused};
use super::policies::{Policies, Said};
use super::sent::Sent;
use super::{limits, network, words};
use crate::access::{Because, Dimension, Outcome, Request, Value, Verdicts, Wire};
use crate::ir::{Grant, Mesh, MtlsMode, PathNormalization, Peer, Plane, Port, Readers, Service, ServiceId};
use crate::value::{self, Path, PathKind};
use smol_str::SmolStr;

/// How many grants are told where none of them lets a request in.
const MOST_GRANTS: usize = 6;

/// What comes of a request at a service; `name` is how people name what it is sent to.
pub(super) fn at(mesh: &Mesh, sent: &Sent<'_>, place: (ServiceId, Option<value::Port>, &SmolStr), way: Way) -> Answer {
    let (id, said, name) = place;
    let service = mesh.service(id);
    let by = format!("{}'s sidecar", service.name);
    let Some(port) = arrived(service, said, sent) else {
        return way.end(Verdict::Unknown(format!("`{}` has no port", service.name)), by);
    };
    let sent = Sent { port: port.number.value, ..sent.clone() };
    let answer = answered(mesh, (id, service, port), sent.clone(), way, (name, by));
    limits::considered(service, port, network::considered(mesh, &sent, (id, service, port), answer))
}

/// What a service, or its proxy, does with a request that the network lets through.
fn answered(
    mesh: &Mesh,
    (id, service, port): (ServiceId, &Service, &Port),
    mut sent: Sent<'_>,
    mut way: Way,
    (name, by): (&SmolStr, String),
) -> Answer {
    match service.data_plane.plane.value {
        Plane::Outside => {
            let text = format!("none: {} has no proxy, and the network alone keeps anybody out", service.name);
            way.say(Topic::Mtls, text, service.data_plane.plane.span());
            return way.end(Verdict::Yes, name.as_str());
        }
        Plane::PerNode => {
            let why = "the proxies of nodes know no requests, and waypoints are not looked at here".to_owned();
            return way.end(Verdict::Unknown(why), by);
        }
        Plane::PerPod => {}
    }
    if !has_handshake(mesh, service, port, &mut sent, &mut way) {
        return way.end(Verdict::No(End::Closed), by);
    }
    judged(mesh, (id, service, port), &sent, way, (name, by))
}

/// Whether the connection comes about; who has no certificate here has no identity.
fn has_handshake(mesh: &Mesh, service: &Service, port: &Port, sent: &mut Sent<'_>, way: &mut Way) -> bool {
    let mtls = service.port_mtls(port);
    let span = mtls.mode.span().or(mesh.mtls.mode.span());
    let has_identity = sent.identity.is_some();
    let (text, passes) = match (mtls.mode.value, has_identity) {
        (MtlsMode::Strict, true) => ("STRICT, both sides have an identity", true),
        (MtlsMode::Strict, false) => ("STRICT, and the caller has no identity", false),
        (MtlsMode::Permissive, true) => ("PERMISSIVE, both sides have an identity", true),
        (MtlsMode::Permissive, false) => ("PERMISSIVE, the caller has no identity", true),
        (MtlsMode::Disabled, _) => ("DISABLE, nobody has an identity", true),
    };
    if mtls.mode.value == MtlsMode::Disabled {
        sent.identity = None;
    }
    way.say(Topic::Mtls, text, span);
    passes
}

fn judged(
    mesh: &Mesh,
    (id, service, port): (ServiceId, &Service, &Port),
    sent: &Sent<'_>,
    mut way: Way,
    (name, by): (&SmolStr, String),
) -> Answer {
    let known = Readers::of(mesh).at_service(service);
    let is_read = sent.question.token.as_ref().is_some_and(|token| known.contains(&token.issuer));
    let request = sent.request(mesh, port.target.value, is_read);
    let policies = Policies::of_service(mesh, service);
    let wire = if is_http(port) { Wire::Http } else { Wire::Tcp };
    let verdict = Verdicts::decide(&policies.list, wire, &request);
    let asked = asked(&policies, wire, &request);
    for (asked, span) in &asked {
        way.say(Topic::Asked, format!("authorizer {asked} decides first"), *span);
    }
    if is_http(port) && sent.question.token.is_some() && !is_read && !known.is_empty() {
        way.say(Topic::Token, format!("{} reads no tokens of this issuer", service.name), None);
        return way.end(Verdict::No(End::Status(401)), by);
    }
    if service.is_audited() {
        way.say(Topic::Allowed, "access is only counted: everybody is let in", service.access.span());
    }
    match (verdict.outcome, verdict.because) {
        (Outcome::Denied, because) => {
            refusals(mesh, (id, sent), (&policies, because), &mut way);
            address_matters(mesh, &policies, wire, &request, &mut way);
            way.end(Verdict::No(refused(port)), by)
        }
        (Outcome::Allowed, because) => {
            if let Because::Rule(at) = because {
                allowed(mesh, service, policies.said(at), &mut way);
            }
            address_matters(mesh, &policies, wire, &request, &mut way);
            match asked.is_empty() {
                true => way.end(Verdict::Yes, name.as_str()),
                false => way.end(Verdict::Depends(asked.into_iter().map(|(name, _)| name).collect()), by),
            }
        }
    }
}

/// The authorizers that look at a request, and where that is said.
fn asked(policies: &Policies<'_>, wire: Wire, request: &Request) -> Vec<(String, Option<crate::source::Span>)> {
    Verdicts::asks(&policies.list, wire, request)
        .into_iter()
        .map(|(provider, at)| {
            let span = match policies.said(at) {
                Some(Said::Ask(origin)) => origin.span,
                Some(Said::Grant(_) | Said::Exposure(_) | Said::Denial(_) | Said::Token(_)) | None => None,
            };
            (provider.to_string(), span)
        })
        .collect()
}

fn allowed(mesh: &Mesh, service: &Service, said: Option<Said<'_>>, way: &mut Way) {
    match said {
        Some(Said::Grant(grant)) => way.say(Topic::Allowed, words::grant(mesh, service, grant), grant.origin.span),
        Some(Said::Exposure(door)) => {
            let text = format!("gateway:{} {}", mesh.gateway(door.gateway).name, crate::ir::how::exposure(mesh, door));
            way.say(Topic::Allowed, text, door.origin.span);
        }
        Some(Said::Denial(_) | Said::Token(_) | Said::Ask(_)) | None => {}
    }
}

/// Says what refuses, and what would let the request in.
fn refusals(
    mesh: &Mesh,
    (id, sent): (ServiceId, &Sent<'_>),
    (policies, because): (&Policies<'_>, Because),
    way: &mut Way,
) {
    let service = mesh.service(id);
    let caller = sent.question.who.name(mesh);
    let said = match because {
        Because::Rule(at) => policies.said(at),
        Because::NothingAllows | Because::NoRule => None,
    };
    match said {
        Some(Said::Denial(denial)) => {
            let text = format!("deny {}: it wins over every grant", words::grant(mesh, service, denial));
            way.say(Topic::Refused, text, denial.origin.span);
        }
        Some(Said::Token(token)) => {
            let text = match sent.question.token {
                Some(_) => format!("the {} that is shown is not enough", crate::ir::how::token(mesh, token)),
                None => format!("it shows no {}", crate::ir::how::token(mesh, token)),
            };
            way.say(Topic::Refused, text, token.origin.span);
        }
        Some(Said::Grant(_) | Said::Exposure(_) | Said::Ask(_)) | None => {
            for grant in service.grants.iter().take(MOST_GRANTS) {
                way.say(Topic::Allowed, words::grant(mesh, service, grant), grant.origin.span);
            }
            if service.grants.len() > MOST_GRANTS {
                way.say(Topic::Allowed, format!("and {} more", service.grants.len() - MOST_GRANTS), None);
            }
            let names = |grant: &&Grant| {
                let own = sent.question.who.peer();
                grant.callers.iter().any(|caller| own.is_some_and(|own| caller.peer.holds(own, mesh)))
            };
            let text = match service.grants.iter().any(|grant| names(&grant)) {
                true => format!("no rule that names {caller} holds this request"),
                false if sent.identity.is_none() => format!("no rule lets in who has no identity, as {caller}"),
                false => format!("no rule names {caller}"),
            };
            way.say(Topic::Refused, text, None);
            way.fixes.extend(fix(mesh, sent, id));
        }
    }
}

/// The grant that would let a request in and nothing else, where no denial refuses it and the caller has a name and an
/// identity.
fn fix(mesh: &Mesh, sent: &Sent<'_>, id: ServiceId) -> Option<Fix> {
    let service = mesh.service(id);
    let peer = sent.question.who.peer().filter(|_| sent.identity.is_some())?;
    let port = service.port(sent.port).or(service.ports.first())?;
    // What routes send on to others has to be let in there as well.
    if service.routed().next().is_some() {
        return None;
    }
    let name = peer.name(mesh, service.namespace);
    // A grant without a port is for all of the kind that it speaks of.
    let is_alone = service.ports.iter().filter(|own| own.is_http() || !is_http(port)).count() == 1;
    let only = if is_alone { String::new() } else { format!("port {}", port.number.value) };
    let line = match is_http(port) {
        true => {
            // What looks like a pattern would let in more, and where proxies do not read paths as applications do, no rule
            // may hang on one.
            if mesh.path_normalization.value < PathNormalization::DecodeAndMergeSlashes {
                return None;
            }
            let path = Path::parse(&sent.path).ok().filter(|path| path.kind() == PathKind::Exact)?;
            let only = if is_alone { only } else { format!("; {only}") };
            format!("allow {name} {{ method {}; path \"{path}\"{only} }}", sent.question.method)
        }
        false if is_alone => format!("allow {name}"),
        false => format!("allow {name} {{ {only} }}"),
    };
    Some(Fix { line, into: service.origin.span })
}

/// Says where the address would decide otherwise and nobody said it.
fn address_matters(mesh: &Mesh, policies: &Policies<'_>, wire: Wire, request: &Request, way: &mut Way) {
    let now = Verdicts::decide(&policies.list, wire, request);
    for (dimension, range) in policies.all().flat_map(|said| ranges(mesh, said)) {
        if request.value(&dimension) != Value::Absent {
            continue;
        }
        let there = request.clone().with(dimension, Value::Address(range.address()));
        if Verdicts::decide(&policies.list, wire, &there).outcome != now.outcome {
            let does = if now.outcome == Outcome::Denied { "let in" } else { "refused" };
            way.say(Topic::Allowed, format!("from {range} it would be {does} (--from-address)"), None);
            return;
        }
    }
}

/// The addresses that a rule looks at, and of whom: of who is connected, or of the client before a gateway.
fn ranges(mesh: &Mesh, said: Said<'_>) -> Vec<(Dimension, value::Cidr)> {
    let grant = match said {
        Said::Grant(grant) | Said::Denial(grant) => grant,
        Said::Exposure(door) => {
            let clients = door.clients_at_pods(mesh.gateway(door.gateway)).iter();
            return clients.map(|range| (Dimension::RemoteAddress, *range)).collect();
        }
        Said::Token(_) | Said::Ask(_) => return Vec::new(),
    };
    let of = |peer: Peer| match peer {
        Peer::Address(range) => vec![range],
        Peer::KubeApi => mesh.kube_api.clone(),
        Peer::Service(_)
        | Peer::Workload(_)
        | Peer::Namespace(_)
        | Peer::Gateway(_)
        | Peer::AnyoneInMesh
        | Peer::Anyone => Vec::new(),
    };
    let all = grant.callers.iter().flat_map(|caller| of(caller.peer));
    all.map(|range| (Dimension::PeerAddress, range)).collect()
}
