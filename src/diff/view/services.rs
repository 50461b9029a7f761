//! Services of Kubernetes: which ports they have, in which protocol Istio takes them, and whether they are open to the
//! outside.

use super::routing::Destination;
use super::{At, mtls, names, workloads};
use crate::diff::{Id, Object, Side};

/// The host of a service.
pub(in crate::diff) fn host(service: &Object) -> String {
    names::fqdn(&service.id.name, names::namespace(service))
}

/// A port of a service.
#[derive(Clone, Debug)]
pub(in crate::diff) struct Port {
    /// Where it stands.
    pub(in crate::diff) pointer: String,
    /// Its number.
    pub(in crate::diff) number: String,
    /// The port of the pods.
    pub(in crate::diff) target: String,
    /// What Istio takes it for.
    pub(in crate::diff) protocol: Protocol,
    /// Which field says so.
    pub(in crate::diff) said: &'static str,
}

/// The ports of a service.
pub(in crate::diff) fn ports(service: &Object) -> Vec<Port> {
    let ports = At::spec(service).key("ports").items().enumerate();
    let read = ports.map(|(index, at)| {
        let number = at.key("port").word().unwrap_or_default();
        let (protocol, said) = Protocol::of_port(at);
        Port {
            pointer: format!("/spec/ports/{index}"),
            target: at.key("targetPort").word().unwrap_or_else(|| number.clone()),
            number,
            protocol,
            said,
        }
    });
    read.collect()
}

/// The name that a service stands for, where it has no pods of its own.
pub(in crate::diff) fn alias(service: &Object) -> Option<&str> {
    let spec = At::spec(service);
    spec.key("externalName").text().filter(|_| spec.key("type").text() == Some("ExternalName"))
}

/// By what a service is open to the outside by itself, past every gateway.
pub(in crate::diff) fn outside(service: &Object) -> Option<String> {
    let spec = At::spec(service);
    match spec.key("type").text() {
        Some("LoadBalancer") => Some("a load balancer of its own".to_owned()),
        Some("NodePort") => Some("a port of every node".to_owned()),
        _ => {
            let addresses = spec.key("externalIPs").texts();
            (!addresses.is_empty()).then(|| format!("the addresses {}", addresses.join(", ")))
        }
    }
}

/// What Istio takes the bytes of a port for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::diff) enum Protocol {
    /// Requests, in this version of HTTP.
    Requests(&'static str),
    /// Bytes of which proxies know nothing but the connection, and for TLS its name.
    Bytes(String),
    /// Whatever the first bytes look like.
    FoundOut,
}

impl Protocol {
    /// Of a port of a service: `appProtocol`, else its name up to the first dash.
    /// <https://istio.io/latest/docs/ops/configuration/traffic-management/protocol-selection/>
    fn of_port(at: At<'_>) -> (Self, &'static str) {
        if at.key("protocol").text().is_some_and(|protocol| protocol == "UDP") {
            return (Protocol::Bytes("UDP".to_owned()), "protocol");
        }
        if let Some(said) = at.key("appProtocol").text() {
            return (Protocol::named(said), "appProtocol");
        }
        let name = at.key("name").text().unwrap_or_default();
        let own = Protocol::named(name);
        let first = if own == Protocol::FoundOut { name.split('-').next().unwrap_or_default() } else { name };
        (Protocol::named(first), "name")
    }

    /// Of a word.
    pub(in crate::diff) fn named(word: &str) -> Self {
        match word.to_ascii_lowercase().as_str() {
            "http" | "kubernetes.io/ws" => Protocol::Requests("HTTP"),
            "http2" | "kubernetes.io/h2c" => Protocol::Requests("HTTP2"),
            "grpc" => Protocol::Requests("GRPC"),
            "grpc-web" => Protocol::Requests("GRPC-Web"),
            // Nobody here looks into either.
            "https" => Protocol::Bytes("TLS".to_owned()),
            other @ ("tcp" | "tls" | "mongo" | "mysql" | "redis" | "udp" | "kubernetes.io/wss") => {
                Protocol::Bytes(other.rsplit('/').next().unwrap_or(other).to_ascii_uppercase())
            }
            _ => Protocol::FoundOut,
        }
    }

    /// As people say it.
    pub(in crate::diff) fn told(&self) -> &str {
        match self {
            Protocol::Requests(name) => name,
            Protocol::Bytes(name) => name,
            Protocol::FoundOut => "what its bytes look like",
        }
    }
}

/// The service that a host is of, if it is among the objects of a side.
pub(in crate::diff) fn of_host<'s>(side: &'s Side, host: &str) -> Option<&'s Object> {
    let (name, namespace) = names::service(host)?;
    let id = |namespace| Id { namespace, kind: "Service".into(), name: name.into(), group: "".into() };
    side.get(&id(Some(namespace.into())))
        .or_else(|| side.get(&id(None)).filter(|own| names::namespace(own) == namespace))
}

/// Whether two ports of a service, before and after, lead to the same port of each pod, by its name or its number.
pub(in crate::diff) fn lead_alike(before: (&Side, &Object, &Port), after: (&Side, &Object, &Port)) -> bool {
    let numbers = |(side, service, port): (&Side, &Object, &Port)| {
        let selector = mtls::labels(At::spec(service).key("selector"));
        let is_meant = |own: &mtls::Labels| !selector.is_empty() && mtls::selects(&selector, own);
        workloads::numbers(side, names::namespace(service), is_meant, &port.target).filter(|all| all.len() == 1)
    };
    before.2.target == after.2.target || numbers(before).is_some_and(|all| Some(all) == numbers(after))
}

/// Destinations with the port that their requests have anyhow: where a service has one alone, nobody need say it.
pub(in crate::diff) fn with_ports(side: &Side, mut all: Vec<Destination>) -> Vec<Destination> {
    for to in all.iter_mut().filter(|to| to.port.is_none()) {
        let own = of_host(side, &to.host).map(ports).unwrap_or_default();
        if let [port] = own.as_slice() {
            to.port = port.number.parse().ok();
        }
    }
    all
}

/// Whether a destination names a port that its service has not.
pub(in crate::diff) fn lacks_port(side: &Side, to: &Destination) -> bool {
    let Some((port, service)) = to.port.zip(of_host(side, &to.host)) else { return false };
    alias(service).is_none() && !ports(service).iter().any(|own| own.number == port.to_string())
}
