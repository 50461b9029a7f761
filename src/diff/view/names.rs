//! Names as Istio resolves them.

use crate::diff::Object;
use smol_str::SmolStr;

const SERVICE: &str = ".svc.cluster.local";

/// The namespace of an object; what `kubectl` takes where none is said.
pub(in crate::diff) fn namespace(object: &Object) -> &str {
    object.id.namespace.as_ref().map_or("default", SmolStr::as_str)
}

/// A host as Istio resolves it: one without a dot is a service in the namespace of the object that says it.
pub(in crate::diff) fn fqdn(host: &str, namespace: &str) -> String {
    let host = host.to_ascii_lowercase();
    if host.contains('.') || host.contains('*') || host.is_empty() {
        host
    } else {
        format!("{host}.{namespace}{SERVICE}")
    }
}

/// A host as people say it.
pub(in crate::diff) fn short(host: &str) -> &str {
    if host == "*" { "every host" } else { host.strip_suffix(SERVICE).unwrap_or(host) }
}

/// What is said behind a host that looks like a service and is none: Istio completes names without a dot alone, so
/// `reviews.prod` is no short name of one.
pub(in crate::diff) fn mark(host: &str) -> &'static str {
    if host.matches('.').count() == 1 && !host.contains('*') { " (as it is written)" } else { "" }
}

/// The name and namespace of a service of the cluster, whatever the domain of that is.
pub(in crate::diff) fn service(host: &str) -> Option<(&str, &str)> {
    let mut parts = host.splitn(4, '.');
    let (name, namespace) = (parts.next()?, parts.next()?);
    (parts.next() == Some("svc") && parts.next().is_some_and(|domain| !domain.is_empty())).then_some((name, namespace))
}

/// What is told of a host is told by: of a service its name and namespace, since what guards it says no domain.
pub(in crate::diff) fn key(host: &str) -> String {
    service(host).map_or_else(|| host.to_owned(), |(name, namespace)| format!("{name}.{namespace}"))
}

/// A gateway as `namespace/name`; `mesh` stays.
pub(in crate::diff) fn gateway(name: &str, namespace: &str) -> String {
    if name == "mesh" {
        return name.to_owned();
    }
    if let Some((owner, short)) = name.split_once('/') {
        return format!("{}/{short}", if owner == "." { namespace } else { owner });
    }
    match service(name) {
        Some((short, owner)) => format!("{owner}/{short}"),
        None => format!("{namespace}/{name}"),
    }
}

/// Whether one pattern of hosts takes all that another takes.
pub(in crate::diff) fn covers(pattern: &str, host: &str) -> bool {
    pattern == "*" || pattern == host || pattern.strip_prefix('*').is_some_and(|suffix| host.ends_with(suffix))
}
