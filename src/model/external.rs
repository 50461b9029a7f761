use super::access::Grant;
use super::actions::{Actions, Fault, Headers};
use super::resilience::{Balance, Breaker, Connection, Resilience};
use super::retry::Retry;
use super::said::{Table, because, table, text, texts};
use super::schema::object;
use crate::ir::{self, Authorities, ClientCertificate, Mesh, Resolution};
use smol_str::{SmolStr, ToSmolStr};

object! {
    /// Something outside of the mesh that is called.
    External {
        /// Its name.
        name: SmolStr,
        /// Its namespace; null: it is the whole mesh's.
        namespace: Option<SmolStr>,
        /// The names under which it is called.
        host: Vec<SmolStr>,
        /// The ports by which it is called, by number.
        port: Vec<OutsidePort>,
        /// Addresses by which it is called.
        address: Vec<SmolStr>,
        /// What is dialled in place of the hosts.
        endpoint: Vec<Endpoint>,
        /// How an address is found.
        resolution: SmolStr,
        /// Through which gateway alone it is reached.
        via: Option<SmolStr>,
        /// Who may call it; empty: whoever does.
        allow: Vec<Grant>,
        /// How long a request may take.
        timeout: Option<SmolStr>,
        /// How often a request is tried again.
        retry: Option<Retry>,
        /// Which headers change.
        headers: Option<Headers>,
        /// Which faults are made up.
        fault: Option<Fault>,
        /// When calls are cut off.
        breaker: Option<Breaker>,
        /// How connections are opened, kept and closed.
        connection: Option<Connection>,
        /// How an address is chosen.
        balance: Balance,
    }
}

object! {
    /// A port of something outside.
    OutsidePort {
        /// Its number, as callers use it.
        number: i64,
        /// What callers speak.
        protocol: SmolStr,
        /// Its name.
        name: SmolStr,
        /// The number that is dialled.
        target: i64,
        /// The TLS that the proxy speaks for the caller.
        originate_tls: Option<OriginateTls>,
    }
}

object! {
    /// The TLS that a proxy speaks for callers.
    OriginateTls {
        /// Who signs the server's certificate.
        ca: Signers,
        /// The proxy's own certificate.
        client_certificate: Option<ProxyCertificate>,
        /// The server name that is asked for; null: the host.
        sni: Option<SmolStr>,
        /// Names of which the server's certificate has one; empty: the host.
        san: Vec<SmolStr>,
        /// Whether the server's certificate is looked at; where it is not, why and until when.
        verify: Verify,
    }
}

object! {
    /// Who signs a server's certificate.
    Signers {
        /// `system`: those that the proxy's image knows.
        mode: Option<SmolStr>,
        /// Those of a file in the proxy.
        file: Option<SmolStr>,
    }
}

object! {
    /// A certificate by which a proxy shows who it is.
    ProxyCertificate {
        /// A secret of the gateway's namespace.
        secret: Option<SmolStr>,
        /// A file in the proxy.
        file: Option<SmolStr>,
        /// The file with its key.
        key: Option<SmolStr>,
    }
}

object! {
    /// Whether a server's certificate is looked at.
    Verify {
        /// Whether it is.
        on: bool,
        /// Why it is not.
        reason: Option<SmolStr>,
        /// The last day on which that counts.
        until: Option<SmolStr>,
    }
}

object! {
    /// What is dialled.
    Endpoint {
        /// Its address.
        address: SmolStr,
        /// The port that is dialled there, for every port.
        port: Option<i64>,
        /// Where it is.
        locality: Option<SmolStr>,
        /// Its share beside the others.
        weight: Option<i64>,
        /// Its labels.
        label: Table,
    }
}

impl External {
    /// What something outside is after layers.
    pub fn of(external: &ir::External, mesh: &Mesh) -> Self {
        let ir::External {
            name,
            namespace,
            origin: _,
            hosts,
            ports,
            addresses,
            endpoints,
            resolution,
            via,
            grants,
            timeout,
            retry,
            actions,
            resilience,
        } = external;
        let Actions { headers, cors: _, fault } = Actions::of(actions.as_deref());
        let Resilience { breaker, connection, balance, locality: _, warm_up: _ } = Resilience::of(Some(resilience));
        External {
            name: name.clone(),
            namespace: namespace.map(|id| mesh.namespace_name(id).clone()),
            host: texts(hosts.iter().map(|host| &host.value)),
            port: ports.iter().map(OutsidePort::of).collect(),
            address: texts(addresses.iter().map(|range| &range.value)),
            endpoint: endpoints.iter().map(Endpoint::of).collect(),
            resolution: SmolStr::new_static(resolution_of(resolution.value)),
            via: via.as_ref().map(|said| mesh.gateway(said.value).name.clone()),
            allow: grants.iter().map(|grant| Grant::of(grant, mesh)).collect(),
            timeout: text(timeout.as_ref()),
            retry: Retry::of(retry, external.http_ports().next().is_some()),
            headers,
            fault,
            breaker,
            connection,
            balance: balance.unwrap_or_else(Balance::built_in),
        }
    }
}

fn resolution_of(resolution: Resolution) -> &'static str {
    match resolution {
        Resolution::None => "none",
        Resolution::Static => "static",
        Resolution::Dns => "dns",
        Resolution::DnsRoundRobin => "dns-round-robin",
        Resolution::DynamicDns => "dynamic-dns",
    }
}

impl OutsidePort {
    fn of(port: &ir::OutsidePort) -> Self {
        let ir::OutsidePort { number, protocol, name, target, tls } = port;
        OutsidePort {
            number: i64::from(number.value.number()),
            protocol: SmolStr::new_static(protocol.word()),
            name: name.value.clone(),
            target: i64::from(target.value.number()),
            originate_tls: tls.as_deref().map(OriginateTls::of),
        }
    }
}

impl OriginateTls {
    fn of(tls: &ir::OriginateTls) -> Self {
        let ir::OriginateTls { origin: _, ca, certificate, sni, sans, unverified } = tls;
        let ca = match &ca.value {
            Authorities::System => Signers { mode: Some(SmolStr::new_static("system")), file: None },
            Authorities::File(path) => Signers { mode: None, file: Some(path.to_smolstr()) },
        };
        let (reason, until) = because(unverified.as_ref().and_then(|said| said.value.as_deref()));
        OriginateTls {
            ca,
            client_certificate: certificate.as_ref().map(|said| ProxyCertificate::of(&said.value)),
            sni: text(sni.as_ref()),
            san: texts(sans.iter().map(|said| &said.value)),
            verify: Verify { on: unverified.is_none(), reason, until },
        }
    }
}

impl ProxyCertificate {
    fn of(certificate: &ClientCertificate) -> Self {
        match certificate {
            ClientCertificate::Secret(name) => ProxyCertificate { secret: Some(name.clone()), file: None, key: None },
            ClientCertificate::Files { certificate, key } => {
                ProxyCertificate { secret: None, file: Some(certificate.to_smolstr()), key: Some(key.to_smolstr()) }
            }
        }
    }
}

impl Endpoint {
    fn of(endpoint: &ir::Endpoint) -> Self {
        let ir::Endpoint { address, port, locality, weight, labels } = endpoint;
        Endpoint {
            address: address.value.to_smolstr(),
            port: port.map(|port| i64::from(port.number())),
            locality: locality.clone(),
            weight: weight.map(i64::from),
            label: table(labels),
        }
    }
}
