//! Where a service's routes send a request.

use super::answer::{Answer, End, Fact, Topic, Verdict};
use super::matching::Standing;
use super::sent::{Sent, version_name};
use super::variant::Of;
use super::version::Version;
use crate::ir::{
    Abort, AbortStatus, Action, Actions, Destination, ExternalId, Handling, Mesh, NewPath, Paths, RequestMatch, Retry,
    Rewrite, Route, Service, ServiceId, Target,
};
use crate::source::Span;
use crate::value::{Path, PathKind, ProtocolKind};
use regex_lite::Regex;
use smol_str::SmolStr;

/// What becomes of a request.
pub(super) enum Taken {
    /// It goes on to one of these.
    Sent(Vec<Place>),
    /// It is answered on the spot.
    Answered(Answer),
    /// That cannot be told.
    Unknown(String),
}

/// Where a request goes.
pub(super) enum Place {
    /// A service of the mesh, on the same port or another, under the name that people know.
    Service { id: ServiceId, port: Option<crate::value::Port>, name: SmolStr },
    /// Something outside.
    External(ExternalId),
}

/// How a route is about a request.
enum Met<'r> {
    /// It is about everything.
    Whole,
    /// By this match.
    By(&'r RequestMatch),
    /// Not at all.
    Not,
    /// That cannot be told.
    Unknown,
}

/// How a service's routes are looked at.
pub(super) struct Routing<'r, 'm> {
    pub(super) standing: Standing<'m>,
    pub(super) id: ServiceId,
    /// How the requests of each route are handled, where a door says so.
    pub(super) handlings: Option<&'m [Handling]>,
    /// How the rest is handled.
    pub(super) actions: Option<&'m Actions>,
    /// Who looks.
    pub(super) by: &'r str,
    /// In which object.
    pub(super) object: String,
    pub(super) facts: &'r mut Vec<Fact>,
}

impl Routing<'_, '_> {
    /// Where the request goes; what a route changes of it is changed.
    pub(super) fn take(&mut self, sent: &mut Sent<'_>, kind: ProtocolKind) -> Taken {
        let service = self.standing.service;
        let mut routes = service.routes.iter().enumerate().filter(|(_, route)| route.kind == kind);
        let found = routes.find_map(|(at, route)| match self.first_of(sent, route) {
            Met::Unknown => Some(Err(route)),
            Met::Not => None,
            Met::Whole => Some(Ok((at, route, None))),
            Met::By(matched) => Some(Ok((at, route, Some(matched)))),
        });
        match found {
            Some(Err(route)) => {
                Taken::Unknown(format!("the expressions of route `{}` cannot be told here", route.name.value))
            }
            Some(Ok((at, route, matched))) => self.by_route(sent, at, route, matched),
            None => self.by_default(sent, kind),
        }
    }

    /// How a route is about a request.
    fn first_of<'r>(&self, sent: &Sent<'_>, route: &'r Route) -> Met<'r> {
        if route.matches.is_empty() {
            return Met::Whole;
        }
        for wanted in &route.matches {
            match self.standing.is_of(sent, wanted) {
                None => return Met::Unknown,
                Some(true) => return Met::By(wanted),
                Some(false) => {}
            }
        }
        Met::Not
    }

    fn by_route(&mut self, sent: &mut Sent<'_>, at: usize, route: &Route, matched: Option<&RequestMatch>) -> Taken {
        let service = self.standing.service;
        let does = route
            .action
            .as_ref()
            .map_or_else(|| "to the default".to_owned(), |action| action.value.name(self.standing.mesh, service));
        let of = Of { sent, kind: route.kind, until: Some(at) };
        let text = format!("{}{}: {does}", self.rule(of, &route.name.value), self.whom(of, matched));
        self.say(text, Some(route.name.span));
        let handling = self.handlings.and_then(|all| all.get(at)).unwrap_or(&route.handling);
        match route.action.as_ref().map(|action| &action.value) {
            Some(Action::Redirect(redirect)) => return self.answered(End::Redirect(redirect.status)),
            Some(Action::Respond(response)) => return self.answered(End::Status(response.status)),
            Some(Action::To(_) | Action::Split(_)) | None => {}
        }
        if let Some(end) =
            self.asked_first(sent, handling.actions.as_deref()).or_else(|| self.aborted(handling.actions.as_deref()))
        {
            return end;
        }
        // Who is asked for looks at the request as it came.
        let version = self.version(Of { sent, kind: route.kind, until: Some(at) });
        if let Some(rewrite) = &route.rewrite {
            let pattern = matched.and_then(|matched| matched.lines.paths.first());
            rewritten(sent, &rewrite.value, pattern);
        }
        match &route.action {
            Some(action) => Taken::Sent(action.value.targets().map(|target| self.place(target)).collect()),
            None => self.default(Of { sent, kind: route.kind, until: Some(at) }, Some(&route.name.value), version),
        }
    }

    fn by_default(&mut self, sent: &Sent<'_>, kind: ProtocolKind) -> Taken {
        let of = Of { sent, kind, until: None };
        let version = self.version(of);
        if !matches!(version, Version::Asked { .. }) {
            let (shares, said) = self.shares();
            let said = said.or(self.standing.service.origin.span);
            if self.standing.gateway.is_some() || has_rules(self.standing.service, kind) {
                self.say(format!("{}{}{shares}", self.rule(of, "default"), self.whom(of, None)), said);
            }
        }
        let actions = self.actions;
        let end = self.asked_first(sent, actions).or_else(|| self.aborted(actions));
        end.unwrap_or_else(|| self.default(of, None, version))
    }

    /// The versions that requests of a rule go to that says no target.
    fn default(&mut self, of: Of<'_, '_>, rule: Option<&SmolStr>, version: Version) -> Taken {
        let service = self.standing.service;
        let name = match version {
            Version::Unknown => return Taken::Unknown("the expressions of `canary` cannot be told here".to_owned()),
            Version::Asked { at, word, said, whom } => {
                let version = service.versions.get(at).map_or("", |it| it.name.value.as_str());
                let before = rule.map(|rule| format!("{rule}.")).unwrap_or_default();
                self.say(self.rule(of, &format!("{before}{word}-{version}")) + &whom, said);
                version_name(service, at)
            }
            Version::Shared => self.shared(),
        };
        Taken::Sent(vec![Place::Service { id: self.id, port: None, name }])
    }

    /// A rule as it is named in its object: at a gateway behind the name of the service, with the caller for whom alone
    /// it is, and where callers ask for several ports with the port. Those for connections have no names.
    fn rule(&self, of: Of<'_, '_>, name: &str) -> String {
        let (object, service) = (&self.object, self.standing.service);
        if of.kind != ProtocolKind::Http {
            return format!("{object}, for connections");
        }
        let only = self.only(of).map(|caller| caller.peer.name(self.standing.mesh, service.namespace));
        let only = only.map(|name| format!(".{}", name.replace(':', "-"))).unwrap_or_default();
        let name = format!("{name}{only}");
        match (self.standing.gateway, service.http_ports().nth(1)) {
            (Some(_), _) => format!("{object}, rule `{}.{name}`", service.name),
            (None, Some(_)) => format!("{object}, rule `{name}.{}`", of.sent.port),
            (None, None) => format!("{object}, rule `{name}`"),
        }
    }

    fn place(&self, target: &Target) -> Place {
        match target.destination {
            Destination::Version(at) => {
                Place::Service { id: self.id, port: target.port, name: version_name(self.standing.service, at) }
            }
            Destination::Service(id, at) => {
                let service = self.standing.mesh.service(id);
                let name = at.map_or_else(|| service.name.clone(), |at| version_name(service, at));
                Place::Service { id, port: target.port, name }
            }
            Destination::External(id) => Place::External(id),
        }
    }

    /// The answer to a browser that asks whether a page may send, which the proxy gives.
    fn asked_first(&mut self, sent: &Sent<'_>, actions: Option<&Actions>) -> Option<Taken> {
        let cors = actions?.cors.as_deref()?;
        let asks = sent.question.method == super::rules::PREFLIGHT
            && ["origin", "access-control-request-method"].iter().all(|name| sent.header(name).is_some());
        if !asks {
            return None;
        }
        self.say("cors: the proxy answers what browsers ask first".to_owned(), cors.origins.span());
        Some(self.answered(End::Status(200)))
    }

    /// The end of requests that are made to fail, where that is all of them.
    fn aborted(&mut self, actions: Option<&Actions>) -> Option<Taken> {
        let Abort { status, share } = actions?.fault.as_deref()?.abort.as_ref()?;
        let end = match status.value {
            AbortStatus::Http(status) => End::Status(u16::try_from(status).unwrap_or(u16::MAX)),
            // A status of gRPC comes with 200.
            AbortStatus::Grpc(_) => End::Status(200),
        };
        let percent = share.value.percent();
        self.say(format!("{percent} % of these requests are made to fail"), status.span());
        (percent >= 100.0).then(|| self.answered(end))
    }

    fn answered(&self, end: End) -> Taken {
        let (by, facts) = (self.by.to_owned(), self.facts.clone());
        Taken::Answered(Answer { verdict: Verdict::No(end), by, facts, fixes: Vec::new() })
    }

    fn say(&mut self, text: String, span: Option<Span>) {
        self.facts.push(Fact { topic: Topic::Route, text, span });
    }
}

/// Whether a service has rules of its own for traffic of a kind: where nobody says anything of it, callers' proxies do
/// what Istio does by itself.
fn has_rules(service: &Service, kind: ProtocolKind) -> bool {
    let is_of_versions = !service.versions.is_empty();
    let is_routed = service.routes.iter().any(|route| route.kind == kind);
    let is_changed = service.timeout.is_some() || !matches!(service.retry, Retry::Unsaid) || service.actions.is_some();
    // One `VirtualService` holds the rules of all ports for requests.
    let of_requests = is_changed || !service.mirrors.is_empty() || !service.routes.is_empty();
    is_of_versions || is_routed || (kind == ProtocolKind::Http && of_requests)
}

/// Changes a request as a rewrite says; of a prefix what the pattern names is replaced.
pub(super) fn rewritten(sent: &mut Sent<'_>, rewrite: &Rewrite, pattern: Option<&Paths>) {
    let pattern = match pattern {
        Some(Paths::Patterns { patterns, .. }) => {
            patterns.iter().find(|one| holds(&one.value, &sent.path)).map(|one| &one.value)
        }
        Some(Paths::Regex(_)) | None => None,
    };
    match &rewrite.path {
        Some(NewPath::Whole(path)) => sent.path = path.text().to_string(),
        Some(NewPath::Prefix(path)) => sent.path = replaced(&sent.path, pattern, path),
        Some(NewPath::Regex { from, to }) => {
            let to = to.replace('$', "$$").replace('\\', "$");
            if let Ok(from) = Regex::new(&format!("^(?:{from})$")) {
                sent.path = from.replace(&sent.path, braced(&to).as_str()).into_owned();
            }
        }
        None => {}
    }
    if let Some(host) = &rewrite.host {
        sent.host = host.text().clone();
    }
}

/// `$1` is `${1}`, so that what follows is no part of the name of the group.
fn braced(to: &str) -> String {
    let mut text = String::with_capacity(to.len());
    let mut characters = to.chars().peekable();
    while let Some(c) = characters.next() {
        match characters.peek() {
            Some(digit) if c == '$' && digit.is_ascii_digit() => {
                text.extend(['$', '{', *digit, '}']);
                characters.next();
            }
            _ => text.push(c),
        }
    }
    text
}

pub(super) fn holds(pattern: &Path, path: &str) -> bool {
    super::matching::matches(&crate::ir::expression::path(pattern), path) == Some(true)
}

/// A path with another beginning in place of what a pattern names: `/a` of `/a/*`.
fn replaced(path: &str, pattern: Option<&Path>, new: &Path) -> String {
    let stem = pattern.map_or("", Path::stem);
    let is_below = pattern.is_none_or(|pattern| pattern.kind() == PathKind::Below);
    let rest = if is_below { path.get(stem.len()..).unwrap_or_default() } else { "" };
    let new = new.text().as_str();
    match new.strip_suffix('/') {
        Some(root) => format!("{root}/{}", rest.trim_start_matches('/')),
        None => format!("{new}{rest}"),
    }
}

/// The object that holds the rules of a service.
pub(super) fn object(mesh: &Mesh, service: &Service) -> String {
    format!("VirtualService {}/{}", mesh.namespace_name(service.namespace), service.name)
}
