use super::actions::{Actions, Cors, Fault, Headers};
use super::matching::Match;
use super::retry::Retry;
use super::said::{Number, text};
use super::schema::object;
use crate::ir::{self, Callee, Destination, Mesh, NewPath, Service};
use crate::value::ProtocolKind;
use smol_str::{SmolStr, ToSmolStr};

object! {
    /// What becomes of requests, or connections, of a kind; what it does not say itself is its service's.
    Route {
        /// Its name.
        name: SmolStr,
        /// Which: any of these; empty: all.
        r#match: Vec<Match>,
        /// Where all of them go; null, and no other action: to the default target.
        to: Option<Target>,
        /// Where shares of them go.
        split: Vec<Share>,
        /// Where clients are sent.
        redirect: Option<Redirect>,
        /// What they are answered on the spot.
        respond: Option<Response>,
        /// How they are changed before they are sent.
        rewrite: Option<Rewrite>,
        /// Who gets copies.
        mirror: Vec<Mirror>,
        /// How long one may take.
        timeout: Option<SmolStr>,
        /// How often one is tried again.
        retry: Option<Retry>,
        /// Which headers change.
        headers: Option<Headers>,
        /// Whose pages may call from a browser.
        cors: Option<Cors>,
        /// Which faults are made up.
        fault: Option<Fault>,
    }
}

object! {
    /// Where requests go.
    Target {
        /// A version of this service, or a service or external by its name in full.
        target: SmolStr,
        /// A version of that service.
        version: Option<SmolStr>,
        /// A port of it.
        port: Option<i64>,
    }
}

object! {
    /// One share of a split.
    Share {
        /// A version of this service, or a service or external by its name in full.
        target: SmolStr,
        /// How many of 100.
        percent: i64,
        /// A version of that service.
        version: Option<SmolStr>,
        /// A port of it.
        port: Option<i64>,
        /// Which headers of these requests change.
        headers: Option<Headers>,
    }
}

object! {
    /// Copies of requests.
    Mirror {
        /// A version of this service, or a service or external by its name in full.
        target: SmolStr,
        /// A version of that service.
        version: Option<SmolStr>,
        /// A port of it.
        port: Option<i64>,
        /// How many of 100.
        percent: Number,
    }
}

object! {
    /// Where a client is sent; what is null stays as it was asked for.
    Redirect {
        /// By which scheme.
        scheme: Option<SmolStr>,
        /// To which host.
        host: Option<SmolStr>,
        /// To which port.
        port: Option<i64>,
        /// To which path.
        path: Option<SmolStr>,
        /// To what in place of the matched part of the path.
        prefix: Option<SmolStr>,
        /// With which status.
        status: i64,
    }
}

object! {
    /// An answer that nobody was asked for.
    Response {
        /// Its status.
        status: i64,
        /// Its text.
        body: Option<SmolStr>,
    }
}

object! {
    /// How a request is changed before it is sent.
    Rewrite {
        /// In place of the whole path.
        path: Option<SmolStr>,
        /// In place of the matched part of the path.
        prefix: Option<SmolStr>,
        /// The expression that reads the whole path.
        regex: Option<SmolStr>,
        /// What it makes of it.
        to: Option<SmolStr>,
        /// In place of the host.
        host: Option<SmolStr>,
    }
}

impl Route {
    pub(super) fn of(route: &ir::Route, service: &Service, mesh: &Mesh) -> Self {
        let ir::Route { name, kind, matches, action, rewrite, handling, mirrors } = route;
        let ir::Handling { timeout, retry, actions } = handling;
        let Actions { headers, cors, fault } = Actions::of(actions.as_deref());
        let mut model = Route {
            name: name.value.clone(),
            r#match: matches.iter().map(|request| Match::of(request, mesh)).collect(),
            to: None,
            split: Vec::new(),
            redirect: None,
            respond: None,
            rewrite: rewrite.as_ref().map(|said| Rewrite::of(&said.value)),
            mirror: mirrors.iter().map(|mirror| Mirror::of(mirror, service, mesh)).collect(),
            timeout: text(timeout.as_ref()),
            retry: Retry::of(retry, *kind == ProtocolKind::Http),
            headers,
            cors,
            fault,
        };
        match action.as_ref().map(|said| &said.value) {
            None => {}
            Some(ir::Action::To(target)) => model.to = Some(Target::of(target, service, mesh)),
            Some(ir::Action::Split(shares)) => {
                model.split = shares.iter().map(|share| Share::of(share, service, mesh)).collect();
            }
            Some(ir::Action::Redirect(redirect)) => model.redirect = Some(Redirect::of(redirect)),
            Some(ir::Action::Respond(response)) => {
                let ir::Response { status, body } = &**response;
                let body = body.as_ref().map(|body| body.value.clone());
                model.respond = Some(Response { status: i64::from(*status), body });
            }
        }
        model
    }
}

impl Target {
    fn of(target: &ir::Target, service: &Service, mesh: &Mesh) -> Self {
        let ir::Target { destination, port, origin: _ } = target;
        let version = |service: &Service, at: usize| service.versions.get(at).map(|version| version.name.value.clone());
        let (target, version) = match *destination {
            Destination::Version(at) => (version(service, at).unwrap_or_default(), None),
            Destination::External(id) => (Callee::External(id).full_name(mesh), None),
            Destination::Service(id, at) => {
                (Callee::Service(id).full_name(mesh), at.and_then(|at| version(mesh.service(id), at)))
            }
        };
        Target { target, version, port: port.map(|port| i64::from(port.number())) }
    }
}

impl Share {
    fn of(share: &ir::RouteShare, service: &Service, mesh: &Mesh) -> Self {
        let ir::RouteShare { target, percent, headers } = share;
        let Target { target, version, port } = Target::of(target, service, mesh);
        let headers = headers.as_deref().map(Headers::of);
        Share { target, percent: i64::from(percent.value.number()), version, port, headers }
    }
}

impl Mirror {
    pub(super) fn of(mirror: &ir::Mirror, service: &Service, mesh: &Mesh) -> Self {
        let ir::Mirror { target, share } = mirror;
        let Target { target, version, port } = Target::of(target, service, mesh);
        Mirror { target, version, port, percent: share.value.into() }
    }
}

/// A new path: in place of all of it, of its matched part, and what an expression reads and makes of it.
fn new_path(path: Option<&NewPath>) -> [Option<SmolStr>; 4] {
    match path {
        None => [None, None, None, None],
        Some(NewPath::Whole(path)) => [Some(path.to_smolstr()), None, None, None],
        Some(NewPath::Prefix(path)) => [None, Some(path.to_smolstr()), None, None],
        Some(NewPath::Regex { from, to }) => [None, None, Some(from.to_smolstr()), Some(to.clone())],
    }
}

impl Rewrite {
    pub(super) fn of(rewrite: &ir::Rewrite) -> Self {
        let ir::Rewrite { path, host } = rewrite;
        let [path, prefix, regex, to] = new_path(path.as_ref());
        Rewrite { path, prefix, regex, to, host: host.as_ref().map(ToSmolStr::to_smolstr) }
    }
}

impl Redirect {
    fn of(redirect: &ir::Redirect) -> Self {
        let ir::Redirect { scheme, host, port, path, status } = redirect;
        let [path, prefix, ..] = new_path(path.as_ref());
        Redirect {
            scheme: scheme.map(|scheme| scheme.to_smolstr()),
            host: host.as_ref().map(ToSmolStr::to_smolstr),
            port: port.map(|port| i64::from(port.number())),
            path,
            prefix,
            status: i64::from(*status),
        }
    }
}
