//! Conditions as regular expressions, for what knows one pattern of a field.

use super::{Mesh, Paths, Predicate, Service};
use crate::source::Spanned;
use crate::value::{HeaderName, HeaderValue, HostPattern, Path, PathKind, Regex};

/// A set of paths as an expression of the pseudo header.
pub fn path_header(set: &Paths) -> String {
    format!(r"({})(\?.*)?", path_set(set))
}

/// A set of paths as one expression.
pub fn path_set(set: &Paths) -> String {
    match set {
        Paths::Regex(regex) => regex.value.text().to_string(),
        Paths::Patterns { patterns, ignore_case } => {
            let all: Vec<String> = patterns.iter().map(|pattern| path(&pattern.value)).collect();
            let all = all.join("|");
            if *ignore_case { format!("(?i){all}") } else { all }
        }
    }
}

/// A pattern as an expression.
pub fn path(path: &Path) -> String {
    match path.kind() {
        PathKind::Exact => Regex::escape(path.text()),
        PathKind::Template => template(path),
        PathKind::Below => format!("{}(/.*)?", Regex::escape(path.stem())),
    }
}

/// A path of which some segments may be any.
pub fn template(path: &Path) -> String {
    let segments: Vec<String> = path
        .text()
        .split('/')
        .map(|segment| if segment == "{*}" { "[^/]+".to_owned() } else { Regex::escape(segment) })
        .collect();
    segments.join("/")
}

/// Hosts as expressions. Whoever names a service by one of its names means it, and its callers have four.
pub fn hosts(mesh: &Mesh, service: &Service, hosts: &[Spanned<HostPattern>]) -> Vec<String> {
    if hosts.is_empty() {
        return Vec::new();
    }
    let (name, namespace) = (&service.name, mesh.namespace_name(service.namespace));
    let fqdn = format!("{name}.{namespace}.svc.{}", mesh.cluster_domain.value);
    let own = [fqdn, format!("{name}.{namespace}.svc"), format!("{name}.{namespace}"), name.to_string()];
    let mut all: Vec<String> = Vec::with_capacity(hosts.len());
    for host in hosts {
        match &host.value {
            HostPattern::Exact(host) if own.iter().any(|own| own == host.text()) => {
                all.extend(own.iter().map(|own| Regex::escape(own)));
            }
            HostPattern::Exact(host) => all.push(Regex::escape(host.text())),
            HostPattern::Below(host) => all.push(format!(r"[^:]+\.{}", Regex::escape(host.text()))),
            HostPattern::Any => all.push("[^:]+".to_owned()),
        }
    }
    all
}

/// Hosts in any case, with and without a port: an exact one would miss `host:80`.
pub fn authority(hosts: &[String]) -> String {
    match hosts {
        [one] => format!("(?i){one}(:[0-9]+)?"),
        several => format!("(?i)({})(:[0-9]+)?", several.join("|")),
    }
}

/// One of these values.
pub fn any_of(values: &[HeaderValue]) -> String {
    values.iter().map(|value| Regex::escape(value.text())).collect::<Vec<_>>().join("|")
}

/// A cookie among others: `notNAME=` does not match.
pub fn cookie(name: &HeaderName, predicate: &Predicate) -> String {
    let values = match predicate {
        Predicate::OneOf(values) => any_of(values),
        Predicate::Prefix(value) => format!("{}[^;]*", Regex::escape(value.text())),
        Predicate::Regex(regex) => regex.text().to_string(),
        Predicate::Present => "[^;]*".to_owned(),
    };
    format!(r"(?:.*;\s*)?{}=(?:{values})(?:;.*)?", Regex::escape(name.text()))
}

/// A parameter in the query of a path.
pub fn query(name: &HeaderName, predicate: &Predicate) -> String {
    let name = Regex::escape(name.text());
    let value = match predicate {
        Predicate::Present => "(=[^&]*)?".to_owned(),
        Predicate::OneOf(values) => format!("=({})", any_of(values)),
        Predicate::Prefix(value) => format!("={}[^&]*", Regex::escape(value.text())),
        Predicate::Regex(regex) => format!("=({regex})"),
    };
    format!(r"[^?]*\?(.*&)?{name}{value}(&.*)?")
}
