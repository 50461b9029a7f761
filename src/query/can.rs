//! The way of one request, from its caller's proxy to the service: what each proxy on it does, in their order.

use super::answer::{Answer, End, Fact, Fix, Topic, Verdict};
use super::matching::Standing;
use super::policies::{identity, identity_of};
use super::route::{self, Place, Routing, Taken};
use super::sent::Sent;
use super::{Question, Who, arrival, carried, door, scope};
use crate::ir::{Mesh, NamespaceId, Port, Service};
use crate::source::Span;
use crate::value::{self, ProtocolKind};
use smol_str::{SmolStr, format_smolstr};

/// Why a question has no answer: it has to be said more exactly.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unclear {
    /// What is not clear.
    pub what: String,
    /// What to say.
    pub help: String,
}

/// What is known so far on the way of a request.
#[derive(Default)]
pub(super) struct Way {
    pub(super) facts: Vec<Fact>,
    pub(super) fixes: Vec<Fix>,
}

impl Way {
    pub(super) fn say(&mut self, topic: Topic, text: impl Into<String>, span: Option<Span>) {
        self.facts.push(Fact { topic, text: text.into(), span });
    }

    pub(super) fn end(self, verdict: Verdict, by: impl Into<String>) -> Answer {
        let Way { facts, fixes } = self;
        Answer { verdict, by: by.into(), facts, fixes }
    }
}

/// Whether a request comes to a service, who decides it, and why.
///
/// # Errors
/// The question has to be said more exactly: the port, or the host of a gateway.
pub fn can(mesh: &Mesh, question: &Question) -> Result<Answer, Unclear> {
    let answer = by_words(mesh, question)?;
    Ok(carried::considered(mesh, question, answer))
}

/// The same, by the words of the language alone.
fn by_words(mesh: &Mesh, question: &Question) -> Result<Answer, Unclear> {
    if let Who::Outside(gateway) = question.who {
        return door::through(mesh, question, gateway);
    }
    let service = mesh.service(question.target);
    let port = port(service, question)?;
    let host = question.host.clone().unwrap_or_else(|| usual_host(mesh, service, port));
    let sent = Sent::new(question, host, port.number.value, mesh.path_normalization.value);
    let is_broken = sent.is_broken() && is_http(port);
    let answer = inside(mesh, sent, port);
    // Whose connection is closed has not been read.
    if is_broken && answer.verdict != Verdict::No(End::Closed) {
        let own = format!("{}'s sidecar", service.name);
        return Ok(broken(Way::default(), if question.who.routes(mesh) { sidecar(question.who, mesh) } else { own }));
    }
    Ok(answer)
}

/// The end of a request whose path no proxy takes.
pub(super) fn broken(mut way: Way, by: String) -> Answer {
    way.say(Topic::Refused, "no proxy takes a path with `%00`", None);
    way.end(Verdict::No(End::Status(400)), by)
}

fn usual_host(mesh: &Mesh, service: &Service, port: &Port) -> SmolStr {
    let name = format_smolstr!("{}.{}", service.name, mesh.namespace_name(service.namespace));
    if port.number.value.number() == 80 { name } else { format_smolstr!("{name}:{}", port.number.value) }
}

/// The port that is asked for, or the one that is meant where nobody says.
fn port<'m>(service: &'m Service, question: &Question) -> Result<&'m Port, Unclear> {
    let numbers = || {
        let all: Vec<String> = service.ports.iter().map(|port| port.number.value.to_string()).collect();
        all.join(", ")
    };
    match question.port {
        Some(number) => service.port(number).ok_or_else(|| Unclear {
            what: format!("`{}` has no port {number}", service.name),
            help: format!("its ports: {}", numbers()),
        }),
        None => service.http_ports().next().or(service.ports.first()).ok_or_else(|| Unclear {
            what: format!("`{}` has no port", service.name),
            help: "declare one: `port 80 http target=8080`".to_owned(),
        }),
    }
}

/// The way of a request that begins in the cluster.
fn inside(mesh: &Mesh, mut sent: Sent<'_>, port: &Port) -> Answer {
    let mut way = Way::default();
    let (id, who) = (sent.question.target, sent.question.who);
    let service = mesh.service(id);
    let mut has_identity = has_proxy(mesh, who);
    if who.routes(mesh) {
        let by = sidecar(who, mesh);
        match scope::of(mesh, who, id, port) {
            scope::Scope::Known(span) => {
                if let Some(span) = span {
                    way.say(Topic::Scope, format!("{} calls {}", who.name(mesh), service.name), Some(span));
                }
                if scope::sees_routes(mesh, who, id) {
                    return routed(mesh, sent, port, way);
                }
            }
            scope::Scope::Open(span) => {
                way.say(
                    Topic::Scope,
                    format!("{by} does not know {}: it is sent on in plain text", service.name),
                    span,
                );
                has_identity = false;
            }
            scope::Scope::Unknown { end } => {
                way.say(
                    Topic::Scope,
                    format!("{} does not call {}, so its sidecar does not know it", who.name(mesh), service.name),
                    None,
                );
                // Where no line makes it known, none lets it in.
                way.fixes.extend(scope::fix(mesh, who, id));
                if !way.fixes.is_empty() {
                    let then = routed(mesh, sent, port, Way::default());
                    match then.verdict {
                        Verdict::Yes | Verdict::Depends(_) => {}
                        Verdict::No(_) | Verdict::Unknown(_) if then.fixes.is_empty() => way.fixes.clear(),
                        Verdict::No(_) | Verdict::Unknown(_) => way.fixes.extend(then.fixes),
                    }
                }
                return way.end(Verdict::No(end), by);
            }
        }
    }
    sent.identity = who_identity(mesh, who).filter(|_| has_identity);
    let places = [Place::Service { id, port: None, name: service.name.clone() }];
    all_places(mesh, &sent, &places, way)
}

/// The way of a request whose caller's proxy knows the service and its routes.
fn routed(mesh: &Mesh, mut sent: Sent<'_>, port: &Port, mut way: Way) -> Answer {
    let (id, who) = (sent.question.target, sent.question.who);
    let (service, by) = (mesh.service(id), sidecar(who, mesh));
    let mut routing = Routing {
        standing: Standing { mesh, service, gateway: None, is_encrypted: false, knows_claims: false },
        id,
        handlings: None,
        actions: service.actions.as_deref(),
        by: &by,
        object: route::object(mesh, service),
        facts: &mut way.facts,
    };
    let places = match routing.take(&mut sent, port.protocol.kind()) {
        Taken::Sent(places) => places,
        Taken::Answered(answer) => return answer,
        Taken::Unknown(why) => return way.end(Verdict::Unknown(why), by),
    };
    sent.identity = who_identity(mesh, who).filter(|_| has_proxy(mesh, who));
    all_places(mesh, &sent, &places, way)
}

/// What comes of a request that goes to one of several places: the worst of them, since a request may meet it.
pub(super) fn all_places(mesh: &Mesh, sent: &Sent<'_>, places: &[Place], way: Way) -> Answer {
    let mut worst: Option<Answer> = None;
    let mut names: Vec<String> = Vec::new();
    for place in places {
        let own = Way { facts: way.facts.clone(), fixes: way.fixes.clone() };
        let answer = match place {
            Place::Service { id, port, name } => arrival::at(mesh, sent, (*id, *port, name), own),
            Place::External(id) => {
                let name = mesh.external(*id).name.clone();
                own.end(Verdict::Yes, format!("{name}, which is outside of the mesh,"))
            }
        };
        if answer.is_yes() && !names.contains(&answer.by) {
            names.push(answer.by.clone());
        }
        worst = match worst {
            Some(known) if rank(&known.verdict) >= rank(&answer.verdict) => Some(known),
            Some(_) | None => Some(answer),
        };
    }
    if let Some(answer) = worst.as_mut().filter(|answer| answer.is_yes()) {
        answer.by = names.join(" or ");
    }
    worst.unwrap_or_else(|| way.end(Verdict::Unknown("no route says where it goes".to_owned()), ""))
}

fn rank(verdict: &Verdict) -> u8 {
    match verdict {
        Verdict::Yes => 0,
        Verdict::Depends(_) => 1,
        Verdict::Unknown(_) => 2,
        Verdict::No(_) => 3,
    }
}

fn has_proxy(mesh: &Mesh, who: Who) -> bool {
    match who {
        Who::Service(id) => mesh.service(id).data_plane.has_proxy(),
        Who::Workload(id) => mesh.workload(id).data_plane.has_proxy(),
        Who::Namespace(id) => mesh.namespace(id).data_plane.has_proxy(),
        Who::Stranger | Who::Outside(_) => false,
    }
}

/// The identity of a caller; of a namespace that of some account in it which nobody else names.
pub(super) fn who_identity(mesh: &Mesh, who: Who) -> Option<SmolStr> {
    match who {
        Who::Namespace(id) => Some(some_identity(mesh, id)),
        Who::Service(_) | Who::Workload(_) | Who::Stranger | Who::Outside(_) => {
            who.peer().and_then(|peer| identity_of(mesh, peer))
        }
    }
}

fn some_identity(mesh: &Mesh, id: NamespaceId) -> SmolStr {
    identity(mesh, mesh.namespace_name(id), &SmolStr::new_static("another-account"))
}

/// The proxy of a caller.
fn sidecar(who: Who, mesh: &Mesh) -> String {
    match who {
        Who::Service(id) => format!("{}'s sidecar", mesh.service(id).name),
        Who::Workload(id) => format!("{}'s sidecar", mesh.workload(id).name),
        Who::Namespace(id) => format!("the sidecar of a pod of {}", mesh.namespace_name(id)),
        Who::Stranger | Who::Outside(_) => who.name(mesh).to_string(),
    }
}

/// Whether the traffic of a port is requests.
pub(super) fn is_http(port: &Port) -> bool {
    port.protocol.kind() == ProtocolKind::Http
}

/// The port at which a request arrives at a service that a route leads to.
pub(super) fn arrived<'m>(service: &'m Service, said: Option<value::Port>, sent: &Sent<'_>) -> Option<&'m Port> {
    service.port(said.unwrap_or(sent.port)).or(service.ports.first())
}

/// How a connection or a request is refused.
pub(super) fn refused(port: &Port) -> End {
    if is_http(port) { End::Status(403) } else { End::Closed }
}
