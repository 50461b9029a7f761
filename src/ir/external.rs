use super::{
    Actions, Call, Callee, ExternalId, GatewayId, Grant, Labels, Mesh, NamespaceId, Outgoing, Resilience, Retry, Waiver,
};
use crate::source::{Decided, Origin};
use crate::value::{self, Address, Cidr, Duration, FilePath, Host, HostPattern, Protocol, ProtocolKind};
use smol_str::SmolStr;

/// Something outside of the mesh that is called.
#[derive(Debug)]
pub struct External {
    /// Its name.
    pub name: SmolStr,
    /// Its namespace; none: it is the whole mesh's.
    pub namespace: Option<NamespaceId>,
    /// Where it is declared.
    pub origin: Origin,
    /// The names under which it is called; never empty.
    pub hosts: Vec<Decided<HostPattern>>,
    /// The ports by which it is called, by number; never empty.
    pub ports: Vec<OutsidePort>,
    /// Addresses by which it is called.
    pub addresses: Vec<Decided<Cidr>>,
    /// What is dialled in place of the hosts.
    pub endpoints: Vec<Endpoint>,
    /// How an address is found.
    pub resolution: Decided<Resolution>,
    /// Through which gateway alone it is reached.
    pub via: Option<Decided<GatewayId>>,
    /// Who may call it; empty: whoever does.
    pub grants: Vec<Grant>,
    /// How long a request may take.
    pub timeout: Option<Decided<Duration>>,
    /// How often a request is tried again.
    pub retry: Retry,
    /// What else is done to requests.
    pub actions: Option<Box<Actions>>,
    /// How callers treat what is behind its names.
    pub resilience: Resilience,
}

/// How the address of something outside is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resolution {
    /// The one that the caller dialled.
    None,
    /// Those that are said.
    Static,
    /// By its name, all at once.
    Dns,
    /// By its name, one at a time.
    DnsRoundRobin,
    /// By the name that is asked for.
    DynamicDns,
}

/// A port of something outside.
#[derive(Clone, Debug)]
pub struct OutsidePort {
    /// Its number, as callers use it.
    pub number: Decided<value::Port>,
    /// What callers speak.
    pub protocol: Protocol,
    /// Its name.
    pub name: Decided<SmolStr>,
    /// The number that is dialled.
    pub target: Decided<value::Port>,
    /// The TLS that the proxy speaks for the caller.
    pub tls: Option<Box<OriginateTls>>,
}

/// What is dialled.
#[derive(Clone, Debug)]
pub struct Endpoint {
    /// Its address.
    pub address: Decided<Address>,
    /// The port that is dialled there, for every port.
    pub port: Option<value::Port>,
    /// Where it is.
    pub locality: Option<SmolStr>,
    /// Its share beside the others.
    pub weight: Option<u32>,
    /// Its labels.
    pub labels: Labels,
}

/// TLS that a proxy speaks for callers.
#[derive(Clone, Debug)]
pub struct OriginateTls {
    /// Where it is said.
    pub origin: Origin,
    /// Who signs the server's certificate.
    pub ca: Decided<Authorities>,
    /// The proxy's own certificate.
    pub certificate: Option<Decided<ClientCertificate>>,
    /// The server name that is asked for; none: the host.
    pub sni: Option<Decided<Host>>,
    /// Names of which the server's certificate has one; empty: the host.
    pub sans: Vec<Decided<Host>>,
    /// That any certificate is taken, and why.
    pub unverified: Option<Decided<Option<Box<Waiver>>>>,
}

/// Who signs a server's certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Authorities {
    /// Those that the proxy's image knows.
    System,
    /// Those of a file in the proxy.
    File(FilePath),
}

/// A certificate by which a proxy shows who it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClientCertificate {
    /// A secret of the gateway's namespace.
    Secret(SmolStr),
    /// Files in the proxy.
    Files {
        /// The certificate.
        certificate: FilePath,
        /// Its key.
        key: FilePath,
    },
}

impl External {
    /// The port of this number.
    pub fn port(&self, number: value::Port) -> Option<&OutsidePort> {
        self.ports.iter().find(|port| port.number.value == number)
    }

    /// The ports whose traffic is requests.
    pub fn http_ports(&self) -> impl Iterator<Item = &OutsidePort> {
        self.ports.iter().filter(|port| port.kind() == ProtocolKind::Http)
    }

    /// The first host that is a pattern.
    pub fn wildcard(&self) -> Option<&Decided<HostPattern>> {
        self.hosts.iter().find(|host| !matches!(host.value, HostPattern::Exact(_)))
    }
}

impl Mesh {
    /// Those of what is called from a namespace whose names the caller's proxy looks up itself, each with the call. Of
    /// anything it is what the proxies there know.
    pub fn looked_up<'m>(
        &'m self,
        outgoing: &'m Outgoing,
        (home, calls): (NamespaceId, &'m [Call]),
    ) -> impl Iterator<Item = (&'m External, &'m Call)> {
        let knows = move |id: ExternalId, external: &External| {
            external.namespace == Some(home) || outgoing.seen(id).is_none_or(|seen| seen.contains(&home))
        };
        let is_meant = move |call: &Call, id: ExternalId, external: &External| match call.callee {
            Callee::External(called) => called == id,
            Callee::Anything => knows(id, external),
            Callee::Service(_) | Callee::KubeApi => false,
        };
        let all = self.externals().filter(|(_, external)| external.resolution.value == Resolution::DynamicDns);
        all.flat_map(move |(id, external)| {
            calls.iter().filter(move |call| is_meant(call, id, external)).map(move |call| (external, call))
        })
    }
}

impl OutsidePort {
    /// What can be said of its traffic.
    pub fn kind(&self) -> ProtocolKind {
        self.protocol.kind()
    }
}
