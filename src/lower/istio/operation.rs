use crate::ir::{Conditions, Service};
use crate::source::Spanned;
use crate::value::{self, HostPattern, Path, PathKind};
use smol_str::{SmolStr, ToSmolStr, format_smolstr};
use std::collections::BTreeSet;

/// The ports of the pods that a grant or denial touches.
pub(super) fn target_ports(service: &Service, conditions: &Conditions) -> BTreeSet<value::Port> {
    service.touched(conditions).map(|port| port.target.value).collect()
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

/// Paths of a grant: what is written and not a spelling more.
pub(super) fn granted(paths: &[Spanned<Path>]) -> Vec<SmolStr> {
    if paths.iter().any(|path| path.value.is_all()) {
        return Vec::new();
    }
    let of = |path: &Path| match path.kind() {
        PathKind::Exact | PathKind::Template => vec![path.text().clone()],
        PathKind::Below => vec![path.stem().into(), path.text().clone()],
    };
    sorted(paths.iter().map(|path| &path.value).flat_map(of))
}

/// Paths of a denial, widened against the tricks that a grant is closed to: a final slash and path parameters.
pub(super) fn denied(paths: &[Spanned<Path>]) -> Vec<SmolStr> {
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

fn sorted(paths: impl Iterator<Item = SmolStr>) -> Vec<SmolStr> {
    let mut seen = BTreeSet::new();
    paths.filter(|path| seen.insert(path.clone())).collect()
}
