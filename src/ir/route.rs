use super::{
    Actions, Callee, ExternalId, HeaderChanges, Lines, Mesh, Mirror, Peer, RequestMatch, Retry, Service, ServiceId,
};
use crate::source::{Decided, Origin, Spanned};
use crate::value::{self, Duration, Host, Path, Percent, ProtocolKind, Regex, Scheme};
use smol_str::SmolStr;
use std::fmt;

/// What becomes of requests, or connections, of a kind.
#[derive(Clone, Debug)]
pub struct Route {
    /// Its name, by which layers lay over it.
    pub name: Spanned<SmolStr>,
    /// Which traffic it is about: that of its ports.
    pub kind: ProtocolKind,
    /// Which of that traffic: any of these; none: all.
    pub matches: Vec<RequestMatch>,
    /// What becomes of it; none: it goes to the default target.
    pub action: Option<Decided<Action>>,
    /// How it is changed before it is sent.
    pub rewrite: Option<Decided<Box<Rewrite>>>,
    /// How it is handled on its way in the mesh, all of the service's included.
    pub handling: Handling,
    /// Who else gets copies of it, all of the service's included.
    pub mirrors: Vec<Mirror>,
}

/// How requests are handled on their way.
#[derive(Clone, Debug)]
pub struct Handling {
    /// How long one may take.
    pub timeout: Option<Decided<Duration>>,
    /// How often one is tried again.
    pub retry: Retry,
    /// What else is done to one.
    pub actions: Option<Box<Actions>>,
}

/// What becomes of a request.
#[derive(Clone, Debug)]
pub enum Action {
    /// It goes there.
    To(Target),
    /// It goes to one of these, by their shares, which sum to 100.
    Split(Vec<RouteShare>),
    /// The client is sent elsewhere.
    Redirect(Box<Redirect>),
    /// It is answered on the spot.
    Respond(Box<Response>),
}

/// Where requests go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// Who has them.
    pub destination: Destination,
    /// On which port; none: the one that they came to.
    pub port: Option<value::Port>,
    /// Where it was said.
    pub origin: Origin,
}

/// Who has requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Destination {
    /// A version of the route's own service, by its place in the list.
    Version(usize),
    /// A service, at its default target or at a version of it.
    Service(ServiceId, Option<usize>),
    /// Something outside; the target says the port.
    External(ExternalId),
}

/// One share of a split.
#[derive(Clone, Debug)]
pub struct RouteShare {
    /// Where it goes.
    pub target: Target,
    /// How much of 100.
    pub percent: Spanned<Percent>,
    /// Which headers of these requests change.
    pub headers: Option<Box<HeaderChanges>>,
}

/// Where a client is sent; what is unsaid stays as it was asked for.
#[derive(Clone, Debug)]
pub struct Redirect {
    /// By which scheme.
    pub scheme: Option<Scheme>,
    /// To which host.
    pub host: Option<Host>,
    /// To which port.
    pub port: Option<value::Port>,
    /// To which path.
    pub path: Option<NewPath>,
    /// With which status.
    pub status: u16,
}

/// An answer that nobody was asked for.
#[derive(Clone, Debug)]
pub struct Response {
    /// Its status.
    pub status: u16,
    /// Its text.
    pub body: Option<Spanned<SmolStr>>,
}

/// How a request is changed before it is sent.
#[derive(Clone, Debug)]
pub struct Rewrite {
    /// Its path.
    pub path: Option<NewPath>,
    /// Its host.
    pub host: Option<Host>,
}

/// What takes the place of a path; the query is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NewPath {
    /// This, in place of the whole path.
    Whole(Path),
    /// This, in place of the part that the route's pattern names: `/a` of `/a/*`.
    Prefix(Path),
    /// What an expression makes of the whole path.
    Regex {
        /// The expression.
        from: Regex,
        /// The new path, with `\1` for its first group.
        to: SmolStr,
    },
}

impl Action {
    /// Everywhere it sends requests to.
    pub fn targets(&self) -> impl Iterator<Item = &Target> {
        let (one, several) = match self {
            Action::To(target) => (Some(target), [].as_slice()),
            Action::Split(shares) => (None, shares.as_slice()),
            Action::Redirect(_) | Action::Respond(_) => (None, [].as_slice()),
        };
        one.into_iter().chain(several.iter().map(|share| &share.target))
    }
}

impl Action {
    /// How intent says it, shortly.
    pub fn name(&self, mesh: &Mesh, service: &Service) -> String {
        match self {
            Action::To(target) => format!("to {}", target.name(mesh, service)),
            Action::Split(shares) => {
                let share =
                    |share: &RouteShare| format!("{} {}", share.target.name(mesh, service), share.percent.value);
                format!("split {}", shares.iter().map(share).collect::<Vec<_>>().join(", "))
            }
            Action::Redirect(redirect) => format!("redirect {}", redirect.status),
            Action::Respond(response) => format!("respond {}", response.status),
        }
    }
}

impl Target {
    /// How intent names it from inside a service.
    pub(super) fn name(&self, mesh: &Mesh, service: &Service) -> String {
        let version = |service: &Service, at: usize| {
            service.versions.get(at).map_or_else(String::new, |version| version.name.value.to_string())
        };
        match self.destination {
            Destination::Version(at) => version(service, at),
            Destination::Service(id, at) => {
                let name = Callee::Service(id).name(mesh, service.namespace);
                let at = at.map(|at| format!(" version={}", version(mesh.service(id), at)));
                format!("{name}{}", at.unwrap_or_default())
            }
            Destination::External(id) => Callee::External(id).name(mesh, service.namespace),
        }
    }
}

impl Route {
    /// Everywhere it sends requests to, besides the default target.
    pub fn targets(&self) -> impl Iterator<Item = &Target> {
        self.action.iter().flat_map(|action| action.value.targets())
    }

    /// Whether it may be about the requests of a caller.
    pub fn concerns(&self, mesh: &Mesh, caller: Peer) -> bool {
        let is_of =
            |lines: &Lines| lines.from.is_empty() || lines.from.iter().any(|from| from.peer.holds(caller, mesh));
        let excludes = |not: &Lines| not.from.iter().any(|from| from.peer.holds(caller, mesh));
        let mut matches = self.matches.iter();
        self.matches.is_empty()
            || matches.any(|request| is_of(&request.lines) && !request.not.as_deref().is_some_and(excludes))
    }
}

impl Service {
    /// Where its routes and mirrors send requests to, besides its default target, with the route, if it is one's own word.
    fn sent(&self) -> impl Iterator<Item = (Option<&Route>, &Target)> {
        let is_own = |mirror: &&Mirror| self.mirrors.iter().all(|own| own.target.origin != mirror.target.origin);
        let targets = self.routes.iter().flat_map(move |route| {
            let copied = route.mirrors.iter().filter(is_own).map(|mirror| &mirror.target);
            route.targets().chain(copied).map(move |target| (Some(route), target))
        });
        targets.chain(self.mirrors.iter().map(|mirror| (None, &mirror.target)))
    }

    /// The services that its routes and mirrors send requests to, with the route, if it is one's own word, and the
    /// target that says so.
    pub fn routed(&self) -> impl Iterator<Item = (Option<&Route>, &Target, ServiceId)> {
        self.sent().filter_map(|(route, target)| match target.destination {
            Destination::Service(id, _) => Some((route, target, id)),
            Destination::Version(_) | Destination::External(_) => None,
        })
    }

    /// The same of what is outside.
    pub fn routed_outside(&self) -> impl Iterator<Item = (Option<&Route>, &Target, ExternalId)> {
        self.sent().filter_map(|(route, target)| match target.destination {
            Destination::External(id) => Some((route, target, id)),
            Destination::Version(_) | Destination::Service(..) => None,
        })
    }

    /// The same for the requests of one caller alone: of a gateway, for what comes in by it.
    pub fn routed_outside_for<'s>(
        &'s self,
        mesh: &'s Mesh,
        caller: Peer,
    ) -> impl Iterator<Item = (Option<&'s Route>, &'s Target, ExternalId)> {
        let comes_by = move |kind: ProtocolKind| match caller {
            Peer::Gateway(id) => self.exposures.iter().any(|exposure| {
                exposure.gateway == id && (exposure.kind == ProtocolKind::Http) == (kind == ProtocolKind::Http)
            }),
            Peer::Service(_)
            | Peer::Workload(_)
            | Peer::Namespace(_)
            | Peer::Address(_)
            | Peer::AnyoneInMesh
            | Peer::Anyone
            | Peer::KubeApi => true,
        };
        self.routed_outside().filter(move |(route, ..)| match route {
            Some(route) => comes_by(route.kind) && route.concerns(mesh, caller),
            None => comes_by(ProtocolKind::Http),
        })
    }
}

impl fmt::Display for Rewrite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Rewrite { path, host } = self;
        let parts = [path.as_ref().map(ToString::to_string), host.as_ref().map(|host| format!("host={host}"))];
        f.write_str(&parts.into_iter().flatten().collect::<Vec<_>>().join(" "))
    }
}

impl fmt::Display for NewPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NewPath::Whole(path) => write!(f, "path={path}"),
            NewPath::Prefix(path) => write!(f, "prefix={path}"),
            NewPath::Regex { from, to } => write!(f, "regex={from} to={to}"),
        }
    }
}
