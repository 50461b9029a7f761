use crate::ir::{Conditions, HeaderCondition, Service, Wanted};
use crate::manifest::istio::{Operation, When};
use crate::source::Spanned;
use crate::value::{self, HostPattern, Method, Path, PathKind};
use smol_str::{SmolStr, ToSmolStr, format_smolstr};
use std::collections::BTreeSet;

/// What of a rule narrows it: `to` and `when`.
pub(super) struct Narrowed {
    pub(super) operation: Operation,
    pub(super) when: Vec<When>,
}

/// How paths are written: [`granted`], or with every spelling that a denial has to meet.
type Paths = fn(&[Spanned<Path>]) -> Vec<SmolStr>;

/// The requests to a service that conditions hold for; none where they touch no port or nothing can hold. Ports are
/// always named: a rule without them is for every port of the pod, those too that nobody declared. What is excepted is
/// written without a spelling more, so that an odd one falls on the closed side.
pub(super) fn narrowed(service: &Service, conditions: &Conditions, paths: Paths) -> Option<Narrowed> {
    let targets = service.touched(conditions).map(|port| port.target.value).collect();
    narrowed_to(&Ports { targets, numbers: numbers(service) }, conditions, paths)
}

/// Ports of pods, and the numbers by which hosts are asked for.
pub(super) struct Ports {
    pub(super) targets: BTreeSet<value::Port>,
    pub(super) numbers: Vec<value::Port>,
}

pub(super) fn numbers(service: &Service) -> Vec<value::Port> {
    service.ports.iter().map(|port| port.number.value).collect()
}

/// The requests to some ports that conditions hold for.
pub(super) fn narrowed_to(ports: &Ports, conditions: &Conditions, paths: Paths) -> Option<Narrowed> {
    let Ports { targets, numbers } = ports;
    if targets.is_empty() || conditions.is_void() {
        return None;
    }
    let not = conditions.not.as_deref();
    let of = |conditions: &Conditions| hosts(conditions.hosts.iter().map(|host| &host.value), numbers);
    let named = |conditions: &Conditions| conditions.named_methods().cloned().collect();
    let operation = Operation {
        hosts: of(conditions),
        not_hosts: not.map(of).unwrap_or_default(),
        methods: named(conditions),
        not_methods: not.map(named).unwrap_or_default(),
        paths: paths(&conditions.paths),
        not_paths: not.map(|not| granted(&not.paths)).unwrap_or_default(),
        ports: texts(targets.iter().copied()),
    };
    let own = headers(&conditions.headers);
    let excepted = not.iter().flat_map(|not| &not.headers);
    let excepted = excepted.map(|header| When { not_values: values(header), ..key(header) });
    Some(Narrowed { operation, when: own.into_iter().chain(excepted).collect() })
}

/// What headers must be.
pub(super) fn headers(headers: &[HeaderCondition]) -> Vec<When> {
    headers.iter().map(|header| When { values: values(header), ..key(header) }).collect()
}

fn key(header: &HeaderCondition) -> When {
    When { key: format_smolstr!("request.headers[{}]", header.name.value), ..When::default() }
}

/// A lone `*` says that the header is there.
fn values(header: &HeaderCondition) -> Vec<SmolStr> {
    match &header.value {
        Wanted::Present => vec![SmolStr::new_static("*")],
        Wanted::OneOf(values) => values.iter().map(|value| value.text().clone()).collect(),
        Wanted::Prefix(text) => vec![format_smolstr!("{}*", text.text())],
    }
}

/// Ports as AuthorizationPolicy writes them.
pub(super) fn texts(ports: impl IntoIterator<Item = value::Port>) -> Vec<SmolStr> {
    ports.into_iter().map(|port| port.to_smolstr()).collect()
}

/// Hosts with and without a port: a bare host does not match `host:8080`. A wildcard cannot stand at both ends, so a
/// pattern is written with each of `ports`.
pub(super) fn hosts<'h>(patterns: impl IntoIterator<Item = &'h HostPattern>, ports: &[value::Port]) -> Vec<SmolStr> {
    let mut hosts = Vec::new();
    for pattern in patterns {
        match pattern {
            HostPattern::Exact(host) => hosts.extend([host.text().clone(), format_smolstr!("{host}:*")]),
            HostPattern::Below(_) => {
                hosts.push(pattern.to_smolstr());
                hosts.extend(ports.iter().map(|port| format_smolstr!("{pattern}:{port}")));
            }
            HostPattern::Any => return Vec::new(),
        }
    }
    hosts
}

/// The method by which browsers ask whether they may send.
pub(super) const PREFLIGHT: SmolStr = SmolStr::new_static("OPTIONS");

/// Methods by their names; nothing for any.
pub(super) fn methods(methods: &[Method]) -> Vec<SmolStr> {
    if methods.contains(&Method::Any) {
        return Vec::new();
    }
    let name = |method: &Method| match method {
        Method::Named(name) => Some(name.clone()),
        Method::Any => None,
    };
    methods.iter().filter_map(name).collect()
}

/// Paths of a grant: what is written and not a spelling more.
pub(super) fn granted(paths: &[Spanned<Path>]) -> Vec<SmolStr> {
    opened(paths.iter().map(|path| &path.value))
}

/// The same of paths that nobody wrote so.
pub(super) fn opened<'p>(paths: impl IntoIterator<Item = &'p Path> + Clone) -> Vec<SmolStr> {
    if paths.clone().into_iter().any(Path::is_all) {
        return Vec::new();
    }
    let of = |path: &Path| match path.kind() {
        PathKind::Exact | PathKind::Template => vec![path.text().clone()],
        PathKind::Below => vec![path.stem().into(), path.text().clone()],
    };
    sorted(paths.into_iter().flat_map(of))
}

pub(super) fn sorted(paths: impl Iterator<Item = SmolStr>) -> Vec<SmolStr> {
    let mut seen = BTreeSet::new();
    paths.filter(|path| seen.insert(path.clone())).collect()
}
