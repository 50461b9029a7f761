//! Who calls without a certificate, as far as the objects tell.

use super::{At, mtls, names, policy, subsets};
use crate::diff::{Comparison, Object, Side};
use mtls::{Labels, Mode, Scope};

/// The namespaces whose pods say that they get no proxy.
pub(in crate::diff) fn namespaces(side: &Side) -> Vec<&str> {
    let namespaces = side.of_kind("", "Namespace");
    let plain = namespaces.filter(|object| object.label("istio-injection") == Some("disabled"));
    plain.map(|object| object.id.name.as_str()).collect()
}

/// A client whose TLS does not fit what its service asks for.
#[derive(Debug)]
pub(in crate::diff) struct Mismatch<'s> {
    /// The `DestinationRule`.
    pub(in crate::diff) rule: &'s Object,
    /// Where its mode stands.
    pub(in crate::diff) pointer: String,
    /// The host.
    pub(in crate::diff) host: String,
    /// The mode of the client.
    pub(in crate::diff) client: String,
    /// The mode of the service.
    pub(in crate::diff) server: Mode,
}

/// Every client of a side whose TLS does not fit what its service asks for.
pub(in crate::diff) fn mismatches(side: &Side) -> Vec<Mismatch<'_>> {
    let mut all = Vec::new();
    for rule in side.of_kind("networking.istio.io", "DestinationRule") {
        let Some(host) = subsets::host(rule) else { continue };
        let Some((scope, is_service)) = server(side, &host) else { continue };
        for (pointer, at, port) in policy::modes(rule) {
            let Some(client) = at.text() else { continue };
            let port = port.map(|port| if is_service { target(side, &host, port) } else { port });
            let server = mtls::effective(side, &Scope { port, ..scope.clone() });
            let is_apart = match client {
                "DISABLE" | "SIMPLE" | "MUTUAL" => server == Mode::Strict,
                "ISTIO_MUTUAL" => server == Mode::Disable,
                _ => false,
            };
            if is_apart {
                all.push(Mismatch { rule, pointer, host: host.clone(), client: client.to_owned(), server });
            }
        }
    }
    all
}

/// The pods behind a host of the cluster, and whether a service of that name was found.
fn server(side: &Side, host: &str) -> Option<(Scope, bool)> {
    if host == "*" || host == "*.local" || host == "*.svc.cluster.local" || host == "*.cluster.local" {
        return Some((Scope { namespace: None, labels: Labels::new(), port: None }, false));
    }
    let (name, namespace) = names::service(host)?;
    let own = service(side, name, namespace);
    let labels = match own {
        Some(service) => mtls::labels(At::spec(service).key("selector")),
        None if name.contains('*') => Labels::new(),
        None => [("app".to_owned(), name.to_owned())].into(),
    };
    Some((Scope { namespace: Some(namespace.to_owned()), labels, port: None }, own.is_some()))
}

fn service<'s>(side: &'s Side, name: &str, namespace: &str) -> Option<&'s Object> {
    side.of_kind("", "Service").find(|service| service.id.name == name && names::namespace(service) == namespace)
}

/// The port of pods that a port of a service leads to.
fn target(side: &Side, host: &str, port: i64) -> i64 {
    let own = names::service(host).and_then(|(name, namespace)| service(side, name, namespace));
    let ports = own.into_iter().flat_map(|service| At::spec(service).key("ports").items());
    let mut ports = ports.filter(|at| at.key("port").whole() == Some(port));
    ports.find_map(|at| at.key("targetPort").whole()).unwrap_or(port)
}

/// The clients whose TLS fits no more what their service asks for.
pub(in crate::diff) fn new_mismatches<'s>(comparison: &Comparison<'s>) -> Vec<Mismatch<'s>> {
    let is_touched = comparison
        .changes
        .iter()
        .any(|change| ["DestinationRule", "PeerAuthentication", "Service"].contains(&change.id.kind.as_str()));
    if !is_touched {
        return Vec::new();
    }
    let old = mismatches(comparison.before);
    let is_old = |one: &Mismatch<'_>| {
        old.iter().any(|other| (&other.host, &other.client, other.server) == (&one.host, &one.client, one.server))
    };
    mismatches(comparison.after).into_iter().filter(|one| !is_old(one)).collect()
}
