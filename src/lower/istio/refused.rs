//! What a rule that refuses, or has somebody asked, is about: every spelling of the host and the path that is meant, since
//! what it misses passes.

use super::super::Lowering;
use super::operation::{Narrowed, Ports, narrowed_to, numbers, sorted};
use crate::ir::{Conditions, Service};
use crate::manifest::istio::{Operation, To, When};
use crate::source::Spanned;
use crate::value::{HostPattern, Path, PathKind, Port};
use smol_str::{SmolStr, format_smolstr};
use std::collections::BTreeSet;

/// What of a rule narrows it: `to` and `when`.
pub(super) struct Refused {
    pub(super) to: Vec<To>,
    pub(super) when: Vec<When>,
}

/// The requests to a service; none where conditions touch no port or nothing can hold.
pub(super) fn at_service(lowering: &Lowering<'_>, service: &Service, conditions: &Conditions) -> Option<Refused> {
    let targets = service.touched(conditions).map(|port| port.target.value).collect();
    at_ports(lowering, Ports { targets, numbers: numbers(service) }, conditions)
}

/// The same, of its HTTP ports alone: a token is about requests.
pub(super) fn requests(lowering: &Lowering<'_>, service: &Service, conditions: &Conditions) -> Option<Refused> {
    let http = service.touched(conditions).filter(|port| port.is_http());
    let targets = http.map(|port| port.target.value).collect();
    at_ports(lowering, Ports { targets, numbers: numbers(service) }, conditions)
}

/// The requests to some ports.
pub(super) fn at_ports(lowering: &Lowering<'_>, ports: Ports, conditions: &Conditions) -> Option<Refused> {
    let is_pattern = conditions.hosts.iter().any(|host| matches!(host.value, HostPattern::Below(_)));
    let numbers = if is_pattern { usual(&ports) } else { ports.numbers };
    let ports = Ports { numbers, ..ports };
    let Narrowed { operation, when } = narrowed_to(&ports, conditions, paths)?;
    let is_pattern = is_pattern && !operation.hosts.is_empty();
    let odd = is_pattern.then(|| odd_ports(lowering, &ports.numbers, &operation));
    let operation = Operation { hosts: hosts(operation.hosts), ..operation };
    let to = std::iter::once(operation).chain(odd).map(|operation| To { operation }).collect();
    Some(Refused { to, when })
}

/// The ports that clients put behind a host: those of the service, those of its pods, and those of the schemes.
fn usual(ports: &Ports) -> Vec<Port> {
    let of_schemes = [80, 443].into_iter().filter_map(|port| Port::new(port).ok());
    let all: BTreeSet<Port> =
        ports.numbers.iter().copied().chain(ports.targets.iter().copied()).chain(of_schemes).collect();
    all.into_iter().collect()
}

/// Requests with any other port behind their host. A pattern has one open end, so `*.shop.example:1234` would pass: whoever
/// asks so is refused whatever the host, which ends in a digit then, or in the colon.
fn odd_ports(lowering: &Lowering<'_>, usual: &[Port], asked: &Operation) -> Operation {
    let ends = ('0'..='9').map(|digit| format_smolstr!("*{digit}")).chain([SmolStr::new_static("*:")]);
    let usual = usual.iter().map(|port| format_smolstr!("*:{port}"));
    let not_hosts = asked.not_hosts.iter().cloned().chain(usual).chain(ending_in_digits(lowering)).collect();
    Operation { hosts: ends.collect(), not_hosts, ..asked.clone() }
}

/// Names of services that end in a digit by themselves: alone, and with their namespace.
fn ending_in_digits(lowering: &Lowering<'_>) -> Vec<SmolStr> {
    let ends = |name: &SmolStr| name.ends_with(|last: char| last.is_ascii_digit());
    let services = lowering.mesh.services.iter().map(|service| &service.name).filter(|name| ends(name)).cloned();
    let namespaces = lowering.mesh.namespaces.iter().map(|namespace| &namespace.name).filter(|name| ends(name));
    let mut names: Vec<SmolStr> = services.chain(namespaces.map(|name| format_smolstr!("*.{name}"))).collect();
    names.sort();
    names.dedup();
    names
}

/// Hosts of a denial, with their final dot too: `shop.example.` is the same name, and another text.
fn hosts(hosts: Vec<SmolStr>) -> Vec<SmolStr> {
    let dotted = |host: &SmolStr| match host.split_once(':') {
        Some((name, port)) => format_smolstr!("{name}.:{port}"),
        None => format_smolstr!("{host}."),
    };
    let dotted: Vec<SmolStr> = hosts.iter().map(dotted).collect();
    hosts.into_iter().chain(dotted).collect()
}

/// Paths of a denial, widened against the tricks that a grant is closed to: a final slash and path parameters.
pub(super) fn paths(paths: &[Spanned<Path>]) -> Vec<SmolStr> {
    if paths.iter().any(|path| path.value.is_all()) {
        return Vec::new();
    }
    let of = |path: &Path| {
        let stem = path.stem();
        match path.kind() {
            PathKind::Exact if stem.ends_with('/') => vec![stem.into()],
            PathKind::Exact => vec![stem.into(), format_smolstr!("{stem}/"), format_smolstr!("{stem};*")],
            PathKind::Template => vec![stem.into(), format_smolstr!("{stem}/")],
            PathKind::Below => vec![stem.into(), path.text().clone(), format_smolstr!("{stem};*")],
        }
    };
    sorted(paths.iter().map(|path| &path.value).flat_map(of))
}
