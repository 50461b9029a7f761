//! Conditions of intent as rules of `access`. What lets in is read to the letter; what refuses or asks is read with every
//! spelling of a host and a path that means the same to an application.

use super::policies::{identity_of, rule, sources};
use crate::access::{Condition, Operation, Rule, Source};
use crate::ir::{
    Admission, Claim, Conditions, Exposure, Grant, HeaderCondition, Listener, Mesh, Peer, Service, Token, Wanted,
};
use crate::source::Spanned;
use crate::value::{self, HostPattern, Method, Path, PathKind, ProtocolKind};
use smol_str::{SmolStr, format_smolstr};

/// How conditions are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reading {
    /// To the letter.
    Exact,
    /// With the spellings that mean the same.
    Wide,
}

/// The rules of a service.
pub(super) struct Rules<'m> {
    pub(super) mesh: &'m Mesh,
    pub(super) service: &'m Service,
}

impl Rules<'_> {
    /// None where it touches no port.
    pub(super) fn grant(&self, grant: &Grant) -> Option<Rule> {
        let Rule { to, mut when, .. } = self.of(&grant.conditions, Reading::Exact)?;
        let mut from = sources(self.mesh, &grant.callers, false);
        if let Some(token) = grant.conditions.token() {
            with_token(self.mesh, &mut from, &token);
            when.extend(token.claims.iter().map(|claim| claims(claim, false)));
        }
        Some(Rule { from, to, when })
    }

    pub(super) fn denial(&self, denial: &Grant) -> Option<Rule> {
        let Rule { to, when, .. } = self.of(&denial.conditions, Reading::Wide)?;
        Some(Rule { from: sources(self.mesh, &denial.callers, true), to, when })
    }

    /// Requests to this service of which conditions hold, from whomever; none where they touch no port.
    pub(super) fn of(&self, conditions: &Conditions, reading: Reading) -> Option<Rule> {
        let touched: Vec<&crate::ir::Port> = self.service.touched(conditions).collect();
        self.on(&touched, conditions, reading)
    }

    fn on(&self, ports: &[&crate::ir::Port], conditions: &Conditions, reading: Reading) -> Option<Rule> {
        let targets: Vec<SmolStr> = ports.iter().map(|port| format_smolstr!("{}", port.target.value)).collect();
        let numbers: Vec<value::Port> = self.service.ports.iter().map(|port| port.number.value).collect();
        narrowed(self.mesh, (&targets, &numbers), conditions, reading)
    }

    /// What comes by a door: from its gateway, in every form in which it arrives.
    pub(super) fn exposure(&self, exposure: &Exposure) -> Rule {
        let gateway = self.mesh.gateway(exposure.gateway);
        let principals = identity_of(self.mesh, Peer::Gateway(exposure.gateway)).into_iter().collect();
        let target = self.service.port(exposure.port).map(|port| format_smolstr!("{}", port.target.value));
        let ports: Vec<SmolStr> = target.into_iter().collect();
        if exposure.kind != ProtocolKind::Http {
            let source = Source { principals, ..Source::default() };
            return rule(vec![source], Operation { ports, ..Operation::default() }, Vec::new());
        }
        let numbers: Vec<value::Port> = gateway.through(exposure).map(|listener| listener.number.value).collect();
        let one = |arrival: &Exposure| Operation {
            hosts: hosts(arrival.host(), &numbers, Reading::Exact),
            methods: methods(&arrival.methods),
            paths: paths(arrival.paths.iter().map(|path| &path.value), Reading::Exact),
            ports: ports.clone(),
            ..Operation::default()
        };
        let clients = exposure.clients_at_pods(gateway).iter();
        let remote_ip_blocks = clients.map(|range| format_smolstr!("{range}")).collect();
        let source = Source { principals, remote_ip_blocks, ..Source::default() };
        let to = exposure.arrivals(self.service).iter().map(|arrival| one(arrival)).collect();
        Rule { from: vec![source], to, when: Vec::new() }
    }

    /// Requests that should show a token and do not.
    pub(super) fn without_token(&self, token: &Token, conditions: &Conditions) -> Vec<Rule> {
        let http: Vec<&crate::ir::Port> = self.service.touched(conditions).filter(|port| port.is_http()).collect();
        let Some(Rule { to, .. }) = self.on(&http, conditions, Reading::Wide) else { return Vec::new() };
        refusals(self.mesh, token, &to)
    }
}

/// What refuses requests of these operations that do not show a token; an optional one is judged where it is shown.
pub(super) fn refusals(mesh: &Mesh, token: &Token, to: &[Operation]) -> Vec<Rule> {
    let mut rules = Vec::new();
    if !token.is_optional {
        let source = Source { not_request_principals: principals(mesh, token), ..Source::default() };
        rules.push(Rule { from: vec![source], to: to.to_vec(), when: Vec::new() });
    }
    let shown = token.is_optional.then(|| Condition {
        key: "request.auth.claims[iss]".into(),
        values: issuers(mesh, token),
        not_values: Vec::new(),
    });
    for claim in &token.claims {
        let when = shown.iter().cloned().chain([claims(claim, true)]).collect();
        rules.push(Rule { from: Vec::new(), to: to.to_vec(), when });
    }
    rules
}

/// Sources at these addresses, as a gateway knows them; of none: everybody.
pub(super) fn clients(ranges: &[value::Cidr]) -> Vec<Source> {
    let remote_ip_blocks: Vec<SmolStr> = ranges.iter().map(|range| format_smolstr!("{range}")).collect();
    if remote_ip_blocks.is_empty() { Vec::new() } else { vec![Source { remote_ip_blocks, ..Source::default() }] }
}

/// What a gateway lets in at a door.
pub(super) fn admission(mesh: &Mesh, admission: &Admission<'_>, is_asked_first: bool) -> Rule {
    let Admission { clients, hosts: at, methods: by, paths: on, grant, listeners, origin: _ } = admission;
    let numbers: Vec<value::Port> = listeners.iter().map(|listener: &&Listener| listener.number.value).collect();
    let operation = Operation {
        hosts: hosts(at, &numbers, Reading::Exact),
        methods: with_preflight(methods(by), is_asked_first),
        paths: paths(on, Reading::Exact),
        ports: listeners.iter().map(|listener| format_smolstr!("{}", listener.target.value)).collect(),
        ..Operation::default()
    };
    let mut from = self::clients(clients);
    let mut when = Vec::new();
    if let Some(conditions) = grant.map(|grant| &grant.conditions) {
        when.extend(conditions.headers.iter().map(|said| header(said, false)));
        if let Some(token) = conditions.token() {
            with_token(mesh, &mut from, &token);
            when.extend(token.claims.iter().map(|claim| claims(claim, false)));
        }
    }
    rule(from, operation, when)
}

/// Requests to ports of pods of which conditions hold; none where there is no port, or nothing can hold.
pub(super) fn narrowed(
    mesh: &Mesh,
    (targets, numbers): (&[SmolStr], &[value::Port]),
    conditions: &Conditions,
    reading: Reading,
) -> Option<Rule> {
    if targets.is_empty() || conditions.is_void() {
        return None;
    }
    let numbers = usual(targets, numbers, reading);
    let numbers = numbers.as_slice();
    let not = conditions.not.as_deref();
    let of = |said: &Conditions| said.hosts.iter().map(|host| host.value.clone()).collect::<Vec<_>>();
    let named = |said: &Conditions| said.named_methods().cloned().collect::<Vec<_>>();
    let plain = |said: &[Spanned<Path>]| said.iter().map(|path| path.value.clone()).collect::<Vec<_>>();
    let operation = Operation {
        hosts: hosts(&of(conditions), numbers, reading),
        not_hosts: not.map(|not| hosts(&of(not), numbers, reading)).unwrap_or_default(),
        methods: named(conditions),
        not_methods: not.map(named).unwrap_or_default(),
        paths: paths(&plain(&conditions.paths), reading),
        not_paths: not.map(|not| paths(&plain(&not.paths), Reading::Exact)).unwrap_or_default(),
        ports: targets.to_vec(),
        ..Operation::default()
    };
    let own = conditions.headers.iter().map(|said| header(said, false));
    let excepted = not.iter().flat_map(|not| &not.headers).map(|said| header(said, true));
    let mut found = rule(Vec::new(), operation, own.chain(excepted).collect());
    let is_open_ended = conditions.hosts.iter().any(|host| matches!(host.value, HostPattern::Below(_)));
    if reading == Reading::Wide && is_open_ended {
        let odd: Vec<Operation> =
            found.to.iter().filter(|to| !to.hosts.is_empty()).map(|to| odd_ports(mesh, to, numbers)).collect();
        found.to.extend(odd);
    }
    Some(found)
}

/// Requests with an odd port behind their host, whichever that is: a pattern of hosts has one open end, so a denial of
/// `*.shop.example` could be passed by a port that nobody uses.
fn odd_ports(mesh: &Mesh, own: &Operation, usual: &[value::Port]) -> Operation {
    let ends = ('0'..='9').map(|digit| format_smolstr!("*{digit}")).chain([SmolStr::new_static("*:")]);
    let usual = usual.iter().map(|port| format_smolstr!("*:{port}"));
    // A name that ends in a digit has no port there.
    let ends_so = |name: &&SmolStr| name.ends_with(|last: char| last.is_ascii_digit());
    let services = mesh.services.iter().map(|service| &service.name).filter(ends_so).cloned();
    let namespaces = mesh.namespaces.iter().map(|namespace| &namespace.name).filter(ends_so);
    let names = services.chain(namespaces.map(|name| format_smolstr!("*.{name}")));
    let not_hosts = own.not_hosts.iter().cloned().chain(usual).chain(names).collect();
    Operation { hosts: ends.collect(), not_hosts, ..own.clone() }
}

/// The ports that clients put behind a host; to a denial also those of the pods and of the schemes.
fn usual(targets: &[SmolStr], numbers: &[value::Port], reading: Reading) -> Vec<value::Port> {
    let wide = targets.iter().filter_map(|target| target.parse().ok()).chain([80, 443]);
    let wide = wide.filter_map(|number| value::Port::new(number).ok()).filter(|_| reading == Reading::Wide);
    let mut all: Vec<value::Port> = numbers.iter().copied().chain(wide).collect();
    all.sort_unstable();
    all.dedup();
    all
}

fn header(said: &HeaderCondition, is_negated: bool) -> Condition {
    let values = match &said.value {
        Wanted::Present => vec![SmolStr::new_static("*")],
        Wanted::OneOf(values) => values.iter().map(|value| value.text().clone()).collect(),
        Wanted::Prefix(prefix) => vec![format_smolstr!("{}*", prefix.text())],
    };
    condition(format_smolstr!("request.headers[{}]", said.name.value), values, is_negated)
}

fn claims(claim: &Claim, is_negated: bool) -> Condition {
    let inside: String = claim.name.value.parts().flat_map(|part| ["[", part, "]"]).collect();
    let values = claim.values.iter().map(|value| value.text().clone()).collect();
    condition(format_smolstr!("request.auth.claims{inside}"), values, is_negated)
}

fn condition(key: SmolStr, values: Vec<SmolStr>, is_negated: bool) -> Condition {
    match is_negated {
        true => Condition { key, values: Vec::new(), not_values: values },
        false => Condition { key, values, not_values: Vec::new() },
    }
}

fn with_token(mesh: &Mesh, from: &mut Vec<Source>, token: &Token) {
    if from.is_empty() {
        from.push(Source::default());
    }
    for source in from {
        source.request_principals = principals(mesh, token);
    }
}

fn principals(mesh: &Mesh, token: &Token) -> Vec<SmolStr> {
    issuers(mesh, token).iter().map(|issuer| format_smolstr!("{issuer}/*")).collect()
}

/// What the issuers of a token call themselves.
fn issuers(mesh: &Mesh, token: &Token) -> Vec<SmolStr> {
    let names = token.issuers.iter().filter_map(|signer| mesh.issuer(signer.issuer).iss.as_ref());
    names.map(|iss| iss.value.text().clone()).collect()
}

fn methods(said: &[Method]) -> Vec<SmolStr> {
    let name = |method: &Method| match method {
        Method::Named(name) => Some(name.clone()),
        Method::Any => None,
    };
    if said.contains(&Method::Any) { Vec::new() } else { said.iter().filter_map(name).collect() }
}

/// The method by which browsers ask whether they may send.
pub(super) const PREFLIGHT: SmolStr = SmolStr::new_static("OPTIONS");

fn with_preflight(mut methods: Vec<SmolStr>, is_asked_first: bool) -> Vec<SmolStr> {
    methods.extend((is_asked_first && !methods.is_empty() && !methods.contains(&PREFLIGHT)).then_some(PREFLIGHT));
    methods
}

/// Hosts with every port that clients may put behind them.
fn hosts<'h>(
    patterns: impl IntoIterator<Item = &'h HostPattern>,
    numbers: &[value::Port],
    reading: Reading,
) -> Vec<SmolStr> {
    let mut hosts = Vec::new();
    for pattern in patterns {
        let spellings = match (pattern, reading) {
            (HostPattern::Any, _) => return Vec::new(),
            (_, Reading::Exact) => vec![format_smolstr!("{pattern}")],
            (_, Reading::Wide) => vec![format_smolstr!("{pattern}"), format_smolstr!("{pattern}.")],
        };
        for host in spellings {
            match pattern {
                HostPattern::Exact(_) => hosts.push(format_smolstr!("{host}:*")),
                HostPattern::Below(_) | HostPattern::Any => {
                    hosts.extend(numbers.iter().map(|number| format_smolstr!("{host}:{number}")));
                }
            }
            hosts.push(host);
        }
    }
    hosts
}

/// `/a/*` is `/a` and what is below it. A denial holds a final slash and parameters behind `;` too.
fn paths<'p>(patterns: impl IntoIterator<Item = &'p Path> + Clone, reading: Reading) -> Vec<SmolStr> {
    if patterns.clone().into_iter().any(Path::is_all) {
        return Vec::new();
    }
    let mut paths = Vec::new();
    for pattern in patterns {
        let stem: SmolStr = pattern.stem().into();
        let with = |end: &str| format_smolstr!("{stem}{end}");
        let has_slash = stem.ends_with('/');
        match (pattern.kind(), reading) {
            (PathKind::Below, Reading::Exact) => paths.extend([stem.clone(), with("/*")]),
            (PathKind::Below, Reading::Wide) => paths.extend([stem.clone(), with("/*"), with(";*")]),
            (PathKind::Exact, Reading::Wide) if !has_slash => {
                paths.extend([stem.clone(), with("/"), with(";*")]);
            }
            (PathKind::Template, Reading::Wide) => paths.extend([stem.clone(), with("/")]),
            (PathKind::Exact | PathKind::Template, _) => paths.push(stem.clone()),
        }
    }
    paths
}
