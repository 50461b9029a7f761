use super::access::Grant;
use super::pods::Account;
use super::proxy::Proxy;
use super::said::{Table, because, count, table, texts};
use super::schema::object;
use super::telemetry::Telemetry;
use crate::ir::{self, GatewayKind, Mesh};
use smol_str::SmolStr;

object! {
    /// A way in from outside, or out.
    Gateway {
        /// Its name.
        name: SmolStr,
        /// The namespace of its pods.
        namespace: SmolStr,
        /// Which way it leads: `ingress` or `egress`.
        kind: SmolStr,
        /// The labels of its pods.
        selector: Table,
        /// What its pods run under.
        service_account: Account,
        /// Who may come in; empty: anyone.
        allow: Vec<Grant>,
        /// Who may not.
        deny: Vec<Grant>,
        /// How many proxies stand before it that tell the truth about addresses.
        trusted_proxies: i64,
        /// Its listeners, by number.
        listen: Vec<Listener>,
        /// What proxies tell.
        telemetry: Telemetry,
        /// How proxies run.
        proxy: Proxy,
    }
}

object! {
    /// A port on which a gateway listens.
    Listener {
        /// Its number on the gateway's service.
        number: i64,
        /// Its number on the gateway's pods.
        target: i64,
        /// What it speaks.
        protocol: SmolStr,
        /// What it serves.
        host: Vec<ServedHost>,
        /// The secrets with its certificates.
        certificate: Vec<SmolStr>,
        /// Who signs the certificates of its clients.
        client_ca: Option<ClientAuthority>,
        /// The names of which a client's certificate has one; empty: any.
        client_san: Vec<SmolStr>,
        /// Versions and algorithms of TLS.
        tls: Tls,
        /// Whether TLS goes through to the service.
        passthrough: bool,
        /// Where every request is sent.
        redirect: Option<SchemeRedirect>,
    }
}

object! {
    /// A host of a listener.
    ServedHost {
        /// Which.
        host: SmolStr,
        /// Whose services may be exposed on it; empty: all.
        namespace: Vec<SmolStr>,
        /// Why.
        reason: Option<SmolStr>,
        /// The last day on which it counts.
        until: Option<SmolStr>,
    }
}

object! {
    /// Who signs the certificates of a listener's clients.
    ClientAuthority {
        /// The secret with the authority.
        secret: SmolStr,
        /// Whether clients may do without a certificate.
        optional: bool,
    }
}

object! {
    /// Versions and algorithms of TLS.
    Tls {
        /// The oldest version.
        min: SmolStr,
        /// The newest version.
        max: Option<SmolStr>,
        /// Cipher suites; empty: the proxy's own.
        cipher: Vec<SmolStr>,
        /// Curves; empty: the proxy's own.
        curve: Vec<SmolStr>,
    }
}

object! {
    /// Where every request of a listener is sent.
    SchemeRedirect {
        /// By which scheme.
        scheme: SmolStr,
    }
}

impl Gateway {
    /// What a gateway is after layers.
    pub fn of(gateway: &ir::Gateway, mesh: &Mesh) -> Self {
        let ir::Gateway {
            name,
            namespace,
            origin: _,
            kind,
            selector,
            account,
            grants,
            denials,
            trusted_proxies,
            listeners,
            telemetry: _,
            proxy: _,
        } = gateway;
        let kind = match kind.value {
            GatewayKind::Ingress => "ingress",
            GatewayKind::Egress => "egress",
        };
        let grant = |grant: &ir::Grant| Grant::of(grant, mesh);
        Gateway {
            name: name.clone(),
            namespace: mesh.namespace_name(*namespace).clone(),
            kind: SmolStr::new_static(kind),
            selector: table(&selector.value),
            service_account: Account::of(account),
            allow: grants.iter().map(grant).collect(),
            deny: denials.iter().map(grant).collect(),
            trusted_proxies: count(trusted_proxies.as_ref()).unwrap_or_default(),
            listen: listeners.iter().map(|listener| Listener::of(listener, mesh)).collect(),
            telemetry: Telemetry::of(mesh.telemetry_of_gateway(gateway), mesh),
            proxy: Proxy::of(&mesh.proxy_of_gateway(gateway)),
        }
    }
}

impl Listener {
    fn of(listener: &ir::Listener, mesh: &Mesh) -> Self {
        let ir::Listener {
            number,
            target,
            protocol,
            hosts,
            certificates,
            clients,
            tls,
            passthrough,
            redirect,
            span: _,
        } = listener;
        let ir::ClientCertificates { authority, optional, names } = clients.as_deref().cloned().unwrap_or_default();
        let optional = optional.is_some_and(|said| said.value);
        Listener {
            number: i64::from(number.value.number()),
            target: i64::from(target.value.number()),
            protocol: SmolStr::new_static(protocol.value.word()),
            host: hosts.iter().map(|host| ServedHost::of(host, mesh)).collect(),
            certificate: texts(certificates.iter().map(|said| &said.value)),
            client_ca: authority.map(|said| ClientAuthority { secret: said.value, optional }),
            client_san: names.into_iter().map(|said| said.value).collect(),
            tls: Tls::of(tls),
            passthrough: passthrough.is_some(),
            redirect: redirect.map(|_| SchemeRedirect { scheme: SmolStr::new_static("https") }),
        }
    }
}

impl ServedHost {
    fn of(host: &ir::ServedHost, mesh: &Mesh) -> Self {
        let ir::ServedHost { pattern, span: _, namespaces, waiver } = host;
        let (reason, until) = because(waiver.as_deref());
        let namespaces = namespaces.iter().flatten().map(|id| mesh.namespace_name(*id).clone());
        ServedHost { host: smol_str::ToSmolStr::to_smolstr(pattern), namespace: namespaces.collect(), reason, until }
    }
}

impl Tls {
    fn of(tls: &ir::Tls) -> Self {
        let ir::Tls { least, most, ciphers, curves } = tls;
        let version = |version: u8| smol_str::format_smolstr!("{}.{}", version / 10, version % 10);
        Tls {
            min: version(least.as_ref().map_or(12, |said| said.value)),
            max: most.as_ref().map(|said| version(said.value)),
            cipher: texts(ciphers.iter().map(|said| &said.value)),
            curve: texts(curves.iter().map(|said| &said.value)),
        }
    }
}
