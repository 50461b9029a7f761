use super::super::Lowering;
use super::destination::{HostHeader, Sender, each_its_host};
use super::request::Standing;
use super::rewriting::{Rewriting, redirected};
use super::{actions, breaker, mirrors, new_path, request, retries, sticky};
use crate::ir::{
    self, Action, Actions, Caller, GatewayId, Handling, Joined, Lines, Mirror, NewPath, Peer, RequestMatch, Retry,
    Route,
};
use crate::manifest::Traced;
use crate::manifest::istio::{DirectResponse, HttpMatch, HttpRoute, Redirect, ResponseBody, Rewrite};
use crate::manifest::istio::{RouteDestination, StringMatch};
use crate::source::{Decided, Layer, Origin};
use crate::value::{Duration, Path, Port, ProtocolKind, Scheme};
use smol_str::{SmolStr, format_smolstr};
use std::borrow::Cow;
use thin_vec::thin_vec;

/// The rules of a service are made once, for sidecars and for gateways alike, so that no gateway goes past a version.
pub(super) struct Routes<'m> {
    pub(super) sender: Sender<'m>,
    pub(super) timeout: Option<&'m Decided<Duration>>,
    pub(super) retry: &'m Retry,
    pub(super) actions: Option<&'m Actions>,
    /// How the requests of each route are handled; none: as the route says.
    pub(super) handlings: Option<&'m [Handling]>,
    /// Put before the names of the rules.
    pub(super) prefix: SmolStr,
    /// The gateway; none: in every sidecar.
    pub(super) gateway: Option<GatewayId>,
    /// The exposure, where it changes requests; none: they arrive as they are asked for.
    pub(super) rewriting: Option<Rewriting<'m>>,
    /// The paths of the exposure; none in the mesh.
    pub(super) within: Option<Vec<Path>>,
    /// The exposure that leads here; none in the mesh.
    pub(super) door: Option<Origin>,
    /// Whether rules hold for this port alone.
    pub(super) match_port: bool,
}

/// A route in the list, with the matches that count here.
#[derive(Clone)]
struct Listed<'m> {
    route: &'m Route,
    handling: &'m Handling,
    matches: Vec<&'m RequestMatch>,
}

/// What becomes of requests: where they go, or what else.
#[derive(Default)]
struct Outcome {
    redirect: Option<Traced<Box<Redirect>>>,
    direct_response: Option<Traced<Box<DirectResponse>>>,
    rewrite: Option<Traced<Box<Rewrite>>>,
    route: Vec<RouteDestination>,
}

type Entries = Vec<Traced<HttpMatch>>;

/// What rules of one name are made with.
#[derive(Clone, Copy)]
struct Rule<'r> {
    /// None: it is the rule for the rest.
    name: Option<&'r str>,
    handling: Handled<'r>,
    /// Any of these.
    matches: &'r [&'r RequestMatch],
    /// Those of the route, whose patterns a rewrite replaces: what a canary asks for besides lies inside of them.
    route: &'r [&'r RequestMatch],
    rewrite: Option<&'r Decided<Box<ir::Rewrite>>>,
    /// The caller whose rule it is alone.
    only: Option<&'r Caller>,
}

/// How requests are handled on their way.
#[derive(Clone, Copy)]
struct Handled<'h> {
    timeout: Option<&'h Decided<Duration>>,
    retry: &'h Retry,
    actions: Option<&'h Actions>,
    mirrors: &'h [Mirror],
}

impl<'h> From<&'h Handling> for Handled<'h> {
    fn from(handling: &'h Handling) -> Self {
        let Handling { timeout, retry, actions } = handling;
        Handled { timeout: timeout.as_ref(), retry, actions: actions.as_deref(), mirrors: &[] }
    }
}

impl Rule<'_> {
    /// The same for requests that are not sent on, which take no time and are not tried again.
    fn on_the_spot(&self) -> Self {
        Rule { handling: Handled { timeout: None, retry: &Retry::Unsaid, ..self.handling }, ..*self }
    }
}

/// Requests of nothing in particular.
fn every(origin: Origin) -> RequestMatch {
    RequestMatch { lines: Lines::default(), not: None, origin }
}

impl<'m> Routes<'m> {
    /// The rules: the routes in their order, then the canary's, then the one for the rest.
    pub(super) fn lower(&self, lowering: &Lowering<'m>) -> Vec<HttpRoute> {
        let mut listed = Vec::with_capacity(self.sender.service.routes.len());
        for (at, route) in self.sender.service.routes.iter().enumerate() {
            if route.kind == ProtocolKind::Http {
                let handling = self.handlings.and_then(|all| all.get(at)).unwrap_or(&route.handling);
                listed.push(Listed { route, handling, matches: route.matches.iter().collect() });
            }
        }
        let mut list = List { lowering, routes: self, rules: Vec::with_capacity(listed.len() + 2) };
        list.extend(&listed, None);
        list.rules
    }
}

/// The rules that are made.
struct List<'l, 'm> {
    lowering: &'l Lowering<'m>,
    routes: &'l Routes<'m>,
    rules: Vec<HttpRoute>,
}

impl<'m> List<'_, 'm> {
    /// The rules of a list, for one caller alone where that is said.
    fn extend(&mut self, listed: &[Listed<'m>], only: Option<&Caller>) {
        let mut rest = listed;
        while let Some((first, after)) = rest.split_first() {
            for excluded in self.excluded(first, only) {
                // Istio cannot exclude a caller: it gets a copy of the rest of the list before.
                let kept = first.matches.iter().copied().filter(|request| !self.excludes(request, excluded));
                let kept = Listed { matches: kept.collect(), ..first.clone() };
                let kept = (!kept.matches.is_empty()).then_some(kept);
                let copy: Vec<Listed<'m>> = kept.into_iter().chain(after.iter().cloned()).collect();
                self.extend(&copy, Some(excluded));
            }
            self.route(first, only);
            rest = after;
        }
        self.rest(only);
    }

    /// The callers that some match of a route excludes, as far as they are among those whom the list is for.
    fn excluded(&self, listed: &Listed<'m>, only: Option<&Caller>) -> Vec<&'m Caller> {
        if self.routes.gateway.is_some() {
            return Vec::new();
        }
        let all = listed.matches.iter().filter_map(|request| request.not.as_deref()).flat_map(|not| &not.from);
        let mut found: Vec<&'m Caller> = Vec::new();
        for caller in all.filter(|caller| !matches!(caller.peer, Peer::Gateway(_) | Peer::AnyoneInMesh)) {
            let is_narrower =
                |only: &Caller| only.peer != caller.peer && only.peer.holds(caller.peer, self.lowering.mesh);
            if only.is_none_or(is_narrower) && found.iter().all(|other| other.peer != caller.peer) {
                found.push(caller);
            }
        }
        found
    }

    /// Whether a match excludes a caller.
    fn excludes(&self, request: &RequestMatch, caller: &Caller) -> bool {
        let mut excluded = request.not.iter().flat_map(|not| &not.from);
        excluded.any(|excluded| excluded.peer.holds(caller.peer, self.lowering.mesh))
    }

    fn route(&mut self, listed: &Listed<'m>, only: Option<&Caller>) {
        let Listed { route, handling, matches } = listed;
        let all = every(Origin::new(Layer::Own, route.name.span));
        let matches: Vec<&RequestMatch> = match matches.is_empty() {
            true => vec![&all],
            false => {
                let counts = |request: &&RequestMatch| only.is_none_or(|only| !self.excludes(request, only));
                matches.iter().copied().filter(counts).collect()
            }
        };
        let (name, rewrite) = (Some(route.name.value.as_str()), route.rewrite.as_ref());
        let rule = Rule {
            name,
            handling: Handled { mirrors: &route.mirrors, ..(*handling).into() },
            matches: &matches,
            route: &matches,
            rewrite,
            only,
        };
        match &route.action {
            Some(action) => self.act(&rule, action),
            None => {
                self.canary(&rule);
                self.default(&rule);
            }
        }
    }

    /// The rules behind the last route.
    fn rest(&mut self, only: Option<&Caller>) {
        let Routes { sender, timeout, retry, actions, .. } = self.routes;
        let every = every(sender.service.origin);
        let handling = Handled { timeout: *timeout, retry, actions: *actions, mirrors: &sender.service.mirrors };
        let rule = Rule { name: None, handling, matches: &[&every], route: &[&every], rewrite: None, only };
        self.canary(&rule);
        self.default(&rule);
    }

    /// The rules of requests that go to the default target: who stays with a version, then the shares.
    fn default(&mut self, rule: &Rule<'_>) {
        let sender = self.routes.sender;
        for (at, kept) in sender.service.kept() {
            let name = self.of_version(rule, "stays", at);
            let joined = self.joined(rule, std::slice::from_ref(&kept));
            let matches: Vec<&RequestMatch> = joined.iter().collect();
            let route = vec![sender.version(self.lowering, at)];
            self.send(&Rule { name: Some(&name), matches: &matches, ..*rule }, route);
        }
        self.send(rule, sticky::mark(sender.service, sender.default_target(self.lowering)));
    }

    /// Requests of a rule that are of one of these kinds too.
    fn joined(&self, rule: &Rule<'_>, kinds: &[RequestMatch]) -> Vec<RequestMatch> {
        let mut joined = Vec::new();
        for request in rule.matches {
            for asked in kinds {
                if let Joined::One(both) = asked.and(request, self.lowering.mesh) {
                    joined.push(*both);
                }
            }
        }
        joined
    }

    /// The name of a rule for a version: of `default` the version's alone.
    fn of_version(&self, rule: &Rule<'_>, word: &str, at: usize) -> SmolStr {
        let version = self.routes.sender.service.versions.get(at).map_or("", |it| it.name.value.as_str());
        match rule.name {
            None => [word, "-", version].into_iter().collect(),
            Some(name) => format_smolstr!("{name}.{word}-{version}"),
        }
    }

    /// What always reaches the candidate, of requests that have no target of their own.
    fn canary(&mut self, rule: &Rule<'_>) {
        let sender = self.routes.sender;
        let Some(canary) = &sender.service.canary else { return };
        let joined = self.joined(rule, &canary.matches);
        let name = self.of_version(rule, "canary", canary.candidate.value);
        let matches: Vec<&RequestMatch> = joined.iter().collect();
        let route = vec![sender.version(self.lowering, canary.candidate.value)];
        self.send(&Rule { name: Some(&name), matches: &matches, ..*rule }, route);
    }

    /// The rules of a route that says what becomes of its requests.
    fn act(&mut self, rule: &Rule<'_>, action: &'m Decided<Action>) {
        match &action.value {
            Action::To(_) | Action::Split(_) => {
                self.send(rule, self.routes.sender.targets(self.lowering, action, HostHeader::under(rule.rewrite)));
            }
            Action::Redirect(redirect) => self.redirect(&rule.on_the_spot(), redirect, action.origin),
            Action::Respond(response) => {
                let body = response.body.as_ref().map(|body| ResponseBody { string: body.value.clone() });
                let answer = DirectResponse { status: response.status, body };
                let direct_response = Some(Traced::new(Box::new(answer), action.origin));
                let entries = self.entries(rule);
                self.push(&rule.on_the_spot(), entries, Outcome { direct_response, ..Outcome::default() });
            }
        }
    }

    fn send(&mut self, rule: &Rule<'_>, route: Vec<RouteDestination>) {
        let own = rule.rewrite.map(|said| &*said.value);
        match self.routes.rewriting.and_then(|door| door.one_by_one(own, rule.matches, rule.route)) {
            None => self.send_together(rule, route),
            Some(requests) => {
                for (request, inside) in &requests {
                    self.send_together(&Rule { matches: &[request], route: &[inside], ..*rule }, route.clone());
                }
            }
        }
    }

    fn send_together(&mut self, rule: &Rule<'_>, mut route: Vec<RouteDestination>) {
        let entries = self.entries(rule);
        let values: Vec<&HttpMatch> = entries.iter().map(|entry| &entry.value).collect();
        let mut rewrite = match self.routes.rewriting {
            Some(door) => door.rewrite(rule.rewrite, &values, rule.route),
            None => rule.rewrite.map(|said| new_path::rewritten(said, &values, rule.route)),
        };
        each_its_host(&mut rewrite, &mut route);
        self.push(rule, entries, Outcome { rewrite, route, ..Outcome::default() });
    }

    /// A redirect that replaces a prefix has two rules: Istio replaces what an entry matched, which of `/a/*` is `/a`
    /// or `/a/`.
    fn redirect(&mut self, rule: &Rule<'_>, redirect: &ir::Redirect, origin: Origin) {
        let to = |uri: Option<SmolStr>, prefix_rewrite: Option<SmolStr>| {
            let ir::Redirect { scheme, host, port, path: _, status } = redirect;
            let to = Redirect {
                scheme: scheme.map(Scheme::word),
                authority: host.as_ref().map(|host| host.text().clone()),
                port: port.map(Port::number),
                uri,
                prefix_rewrite,
                redirect_code: *status,
            };
            Outcome { redirect: Some(Traced::new(Box::new(to), origin)), ..Outcome::default() }
        };
        let entries = self.entries(rule);
        // A client that is sent to the same host asks at the door again.
        let door = self.routes.rewriting.filter(|_| redirect.host.is_none());
        let told = |path: &Path| door.map_or_else(|| path.clone(), |door| door.told(path));
        match &redirected(self.routes.rewriting, redirect, rule.route) {
            Some(NewPath::Whole(path)) => self.push(rule, entries, to(Some(told(path).text().clone()), None)),
            Some(NewPath::Regex { .. }) | None => self.push(rule, entries, to(None, None)),
            Some(NewPath::Prefix(path)) => {
                let is_below = |entry: &Traced<HttpMatch>| matches!(entry.uri, Some(StringMatch::Prefix(_)) | None);
                let (below, whole): (Entries, Entries) = entries.into_iter().partition(is_below);
                let path = told(path);
                self.push(rule, whole, to(Some(path.text().clone()), None));
                let name = format_smolstr!("{}.below", rule.name.unwrap_or_default());
                self.push(&Rule { name: Some(&name), ..*rule }, below, to(None, Some(new_path::below(&path))));
            }
        }
    }

    fn entries(&self, rule: &Rule<'_>) -> Entries {
        let Routes { sender, gateway, within, door, match_port, .. } = self.routes;
        let Sender { id, service: _, port } = *sender;
        let standing = Standing { gateway: *gateway, service: id, port, within: within.as_deref() };
        let asked = rule.only.map(|caller| RequestMatch {
            lines: Lines { from: thin_vec![caller.clone()], ..Lines::default() },
            not: None,
            origin: Origin::BUILT_IN,
        });
        let of = |request: &RequestMatch| match &asked {
            None => request::matches(self.lowering, request, standing),
            Some(asked) => match request.and(asked, self.lowering.mesh) {
                Joined::One(both) => request::matches(self.lowering, &both, standing),
                Joined::Never | Joined::Apart(..) => Vec::new(),
            },
        };
        let port = match_port.then(|| Traced::plain(port.number()));
        let mut entries = Vec::new();
        for request in rule.matches {
            let asked = match self.routes.rewriting {
                Some(door) => door.asked(request),
                None => Some(Cow::Borrowed(*request)),
            };
            let Some(asked) = asked else { continue };
            let origin = if rule.name.is_none() { *door } else { Some(request.origin) };
            for entry in of(&asked) {
                let entry = Traced { value: HttpMatch { port, ..entry }, origin };
                // Istio warns of what an earlier entry takes already.
                let is_taken = |earlier: &Traced<HttpMatch>| request::takes(earlier, &entry);
                let has_earlier =
                    self.rules.iter().any(|rule| rule.matches.is_empty() || rule.matches.iter().any(is_taken));
                if !has_earlier && !entries.iter().any(is_taken) {
                    entries.push(entry);
                }
            }
        }
        entries
    }

    /// Adds a rule, unless no request that comes this way is its.
    fn push(&mut self, rule: &Rule<'_>, entries: Entries, outcome: Outcome) {
        if entries.is_empty() {
            return;
        }
        let takes_all = entries.iter().any(|entry| entry.value == HttpMatch::default());
        let Outcome { redirect, direct_response, rewrite, route } = outcome;
        let Handled { timeout, retry, actions, mirrors } = rule.handling;
        let mirrors = mirrors::lower(self.lowering, &self.routes.sender, mirrors, &route);
        let made = HttpRoute {
            name: Traced { value: self.name(rule), origin: self.routes.door },
            matches: if takes_all { Vec::new() } else { entries },
            redirect,
            direct_response,
            rewrite,
            route,
            timeout: timeout.map(breaker::duration),
            retries: retries::lower(retry),
            mirrors,
            ..HttpRoute::default()
        };
        self.rules.push(actions::apply(made, actions));
    }

    fn name(&self, rule: &Rule<'_>) -> SmolStr {
        let Routes { sender, prefix, match_port, .. } = self.routes;
        let mut name = SmolStr::from(rule.name.unwrap_or("default"));
        if !prefix.is_empty() {
            name = format_smolstr!("{prefix}.{name}");
        }
        if let Some(only) = rule.only {
            let only = only.peer.name(self.lowering.mesh, sender.service.namespace);
            name = format_smolstr!("{name}.{}", only.replace(':', "-"));
        }
        if *match_port { format_smolstr!("{name}.{}", sender.port) } else { name }
    }
}
