mod conditions;
mod proxies;
mod resilience;
mod routes;
mod unfit;
mod whole;

pub use unfit::Unfit;
pub use whole::{authorizer_facts, group_facts, guard_facts, issuer_facts, mesh_facts, namespace_facts};

use super::Workload;
use super::{
    AccessMode, Authorities, Call, ClientCertificate, ClientCertificates, Egress, External, Gateway, Grant, Listener,
    ListenerProtocol, Mesh, Mtls, MtlsMode, NamespaceId, OriginateTls, Peer, Resolution, Retry, Service, Token,
    TokenRule,
};
use crate::source::{Decided, Origin};
use std::fmt::Display;

/// One value of a service, a workload or a gateway, as `explain` names it.
#[derive(Clone, Debug)]
pub struct Fact {
    /// Its path in words of intent: `breaker.connections`.
    pub path: String,
    /// The value.
    pub value: String,
    /// Who decided it.
    pub origin: Origin,
    /// Whom it won over, strongest first.
    pub overridden: Vec<Origin>,
    /// Of a default that does not hold, why.
    pub unfit: Option<&'static str>,
}

/// Every single value of a service, in the order of the language's pages.
pub fn facts(mesh: &Mesh, service: &Service) -> Vec<Fact> {
    let mut facts = Facts::default();
    facts.add("service-account", &service.account.name);
    facts.labels("selector", &service.selector);
    facts.data_plane(&service.data_plane);
    for port in &service.ports {
        let path = format!("port.{}", port.number.value);
        facts.add(&path, &port.number.clone().map(|_| port.protocol.word()));
        facts.add(&format!("{path}.name"), &port.name);
        facts.add(&format!("{path}.target"), &port.target);
        if let Some(mtls) = &port.mtls {
            facts.mtls(&format!("{path}.mtls"), mtls);
        }
        facts.resilience(&format!("{path}."), port.resilience.as_deref());
    }
    for version in &service.versions {
        facts.add(&format!("versions.{}", version.name.value), &version.name);
        facts.labels(&format!("versions.{}.selector", version.name.value), &version.selector);
        facts.resilience(&format!("versions.{}.", version.name.value), version.resilience.as_deref());
    }
    facts.canary(mesh, service);
    facts.routes(mesh, service);
    facts.resilience("", Some(&service.resilience));
    facts.rate_limits(&service.rate_limits);
    facts.option("timeout", service.timeout.as_ref());
    match &service.retry {
        Retry::Unsaid if service.http_ports().next().is_some() => {
            facts.said("retry", Retry::UNSAID_ATTEMPTS.to_string(), Origin::BUILT_IN);
        }
        retry @ (Retry::Unsaid | Retry::Off(_) | Retry::On(_)) => facts.retry("retry", retry),
    }
    facts.actions("", service.actions.as_deref());
    facts.mirrors("", mesh, service, &service.mirrors);
    facts.mtls("mtls", &service.mtls);
    facts.network_policy(&service.network_policy);
    facts.access(mesh, service);
    facts.calls(mesh, service.namespace, &service.calls);
    facts.egress(&service.egress);
    mesh.telemetry_of(service).into_iter().for_each(|said| facts.telemetry(mesh, said));
    mesh.proxy_of(service).into_iter().for_each(|said| facts.proxy(said));
    facts.unfit(service);
    facts.0
}

/// Every single value of a workload.
pub fn workload_facts(mesh: &Mesh, workload: &Workload) -> Vec<Fact> {
    let mut facts = Facts::default();
    facts.add("service-account", &workload.account.name);
    facts.labels("selector", &workload.selector);
    facts.data_plane(&workload.data_plane);
    facts.network_policy(&workload.network_policy);
    facts.calls(mesh, workload.namespace, &workload.calls);
    facts.egress(&workload.egress);
    mesh.telemetry_of_workload(workload).into_iter().for_each(|said| facts.telemetry(mesh, said));
    mesh.proxy_of_workload(workload).into_iter().for_each(|said| facts.proxy(said));
    facts.0
}

/// Every single value of a gateway.
pub fn gateway_facts(mesh: &Mesh, gateway: &Gateway) -> Vec<Fact> {
    let mut facts = Facts::default();
    facts.add("service-account", &gateway.account.name);
    facts.labels("selector", &gateway.selector);
    facts.option("trusted-proxies", gateway.trusted_proxies.as_ref());
    facts.grants(mesh, gateway.namespace, [("allow", &gateway.grants), ("deny", &gateway.denials)]);
    for listener in &gateway.listeners {
        facts.listener(listener);
    }
    facts.telemetry(mesh, mesh.telemetry_of_gateway(gateway));
    facts.proxy(&mesh.proxy_of_gateway(gateway));
    facts.0
}

/// Every single value of something outside.
pub fn external_facts(mesh: &Mesh, external: &External) -> Vec<Fact> {
    let mut facts = Facts::default();
    for host in &external.hosts {
        facts.add("host", host);
    }
    for port in &external.ports {
        let path = format!("port.{}", port.number.value);
        facts.add(&path, &port.number.clone().map(|_| port.protocol.word()));
        facts.add(&format!("{path}.target"), &port.target);
        if let Some(tls) = port.tls.as_deref() {
            facts.originate_tls(&format!("{path}.originate-tls"), tls);
        }
    }
    for address in &external.addresses {
        facts.add("address", address);
    }
    for endpoint in &external.endpoints {
        facts.add("endpoint", &endpoint.address);
    }
    let resolution = external.resolution.clone().map(|resolution| match resolution {
        Resolution::None => "none",
        Resolution::Static => "static",
        Resolution::Dns => "dns",
        Resolution::DnsRoundRobin => "dns-round-robin",
        Resolution::DynamicDns => "dynamic-dns",
    });
    facts.add("resolution", &resolution);
    let via = external.via.clone().map(|via| via.map(|id| mesh.gateway(id).name.clone()));
    facts.option("via", via.as_ref());
    facts.outside_callers(mesh, external);
    facts.routed_to(mesh, external);
    facts.option("timeout", external.timeout.as_ref());
    facts.retry("retry", &external.retry);
    facts.actions("", external.actions.as_deref());
    facts.resilience("", Some(&external.resilience));
    facts.0
}

impl Facts {
    /// The services whose routes and mirrors send their requests to something outside.
    fn routed_to(&mut self, mesh: &Mesh, external: &External) {
        for service in &mesh.services {
            let sent = service.routed_outside().filter(|(_, _, id)| std::ptr::eq(mesh.external(*id), external));
            for (route, target, _) in sent {
                let by = route.map_or_else(String::new, |route| format!(" by route {}", route.name.value));
                let name = format!("{}.{}", service.name, mesh.namespace_name(service.namespace));
                self.said("routed", format!("{name}{by}"), target.origin);
            }
        }
    }
}

/// The facts of one thing, as they are gathered.
#[derive(Default)]
pub(super) struct Facts(Vec<Fact>);

impl Facts {
    pub(super) fn add<T: Display>(&mut self, path: &str, decided: &Decided<T>) {
        self.0.push(Fact {
            path: path.to_owned(),
            value: decided.value.to_string(),
            origin: decided.origin,
            overridden: decided.overridden().to_vec(),
            unfit: None,
        });
    }

    pub(super) fn said(&mut self, path: &str, value: impl Into<String>, origin: Origin) {
        self.0.push(Fact { path: path.to_owned(), value: value.into(), origin, overridden: Vec::new(), unfit: None });
    }

    pub(super) fn option<T: Display>(&mut self, path: &str, decided: Option<&Decided<T>>) {
        if let Some(decided) = decided {
            self.add(path, decided);
        }
    }

    fn labels(&mut self, path: &str, labels: &Decided<super::Labels>) {
        let text: Vec<String> = labels.value.iter().map(|(key, value)| format!("{key}={value}")).collect();
        self.add(path, &labels.clone().map(|_| text.join(" ")));
    }

    fn mtls(&mut self, path: &str, mtls: &Mtls) {
        let word = mtls.mode.clone().map(|mode| match mode {
            MtlsMode::Strict => "strict",
            MtlsMode::Permissive => "permissive",
            MtlsMode::Disabled => "disable",
        });
        self.add(path, &word);
    }

    fn canary(&mut self, mesh: &Mesh, service: &Service) {
        let Some(canary) = &service.canary else { return };
        let name = |at: usize| service.versions.get(at).map_or("", |version| version.name.value.as_str());
        self.add("canary", &canary.candidate.clone().map(name));
        self.add("canary.stable", &canary.stable.clone().map(name));
        self.add("canary.percent", &canary.percent);
        if let Some(first) = canary.steps.first() {
            let steps: Vec<String> = canary.steps.iter().map(|step| step.value.to_string()).collect();
            self.said("canary.steps", steps.join(" "), first.origin);
        }
        if let Some(sticky) = &canary.sticky {
            self.add("canary.sticky.cookie", &sticky.cookie);
            self.option("canary.sticky.ttl", sticky.ttl.as_ref());
        }
        let owner = canary.owner.clone().map(|owner| owner.map(super::CanaryOwner::word));
        self.option("canary.owner", owner.as_ref());
        for (at, request) in canary.matches.iter().enumerate() {
            let path = format!("canary.match.{}", at + 1);
            self.said(&path, "always the candidate", request.origin);
            self.request(&path, (mesh, service.namespace), request);
        }
    }

    fn retry(&mut self, path: &str, retry: &Retry) {
        match retry {
            Retry::Unsaid => {}
            Retry::Off(origin) => self.said(path, "off", *origin),
            Retry::On(retries) => {
                self.add(path, &retries.attempts);
                self.option(&format!("{path}.per-try"), retries.per_try.as_ref());
                self.option(&format!("{path}.backoff"), retries.backoff.as_ref());
                self.option(&format!("{path}.remote-localities"), retries.remote_localities.as_ref());
                self.option(&format!("{path}.avoid-tried"), retries.avoid_tried.as_ref());
                self.add(&format!("{path}.on"), &retries.on.clone().map(|on| on.join(" ")));
            }
        }
    }

    fn grants(&mut self, mesh: &Mesh, home: NamespaceId, lists: [(&str, &Vec<Grant>); 2]) {
        for (word, grants) in lists {
            for grant in grants {
                let mut callers: Vec<String> = grant.callers.iter().map(|caller| caller.name(mesh, home)).collect();
                callers.dedup();
                self.said(word, callers.join(" "), grant.origin);
                self.conditions(word, grant.origin, &grant.conditions);
                for token in &grant.conditions.tokens {
                    self.token(mesh, &format!("{word}.require-token"), token);
                }
            }
        }
    }

    fn originate_tls(&mut self, path: &str, tls: &OriginateTls) {
        let ca = tls.ca.clone().map(|ca| match ca {
            Authorities::System => "system".to_owned(),
            Authorities::File(path) => path.to_string(),
        });
        self.add(&format!("{path}.ca"), &ca);
        let certificate = tls.certificate.clone().map(|said| {
            said.map(|certificate| match certificate {
                ClientCertificate::Secret(name) => format!("secret {name}"),
                ClientCertificate::Files { certificate, .. } => certificate.to_string(),
            })
        });
        self.option(&format!("{path}.client-certificate"), certificate.as_ref());
        self.option(&format!("{path}.sni"), tls.sni.as_ref());
        for san in &tls.sans {
            self.add(&format!("{path}.san"), san);
        }
        if let Some(unverified) = &tls.unverified {
            self.said(&format!("{path}.verify"), "off", unverified.origin);
        }
    }

    fn outside_callers(&mut self, mesh: &Mesh, external: &External) {
        for grant in &external.grants {
            let name = |peer: Peer| match external.namespace.or_else(|| mesh.home_of(peer)) {
                Some(home) => peer.name(mesh, home),
                None => String::new(),
            };
            let callers: Vec<String> = grant.callers.iter().map(|caller| name(caller.peer)).collect();
            self.said("allow", callers.join(" "), grant.origin);
        }
    }

    fn egress(&mut self, egress: &Egress) {
        self.add("egress", &egress.is_open.clone().map(|open| if open { "any" } else { "registered-only" }));
    }

    fn access(&mut self, mesh: &Mesh, service: &Service) {
        let mode = service.access.clone().map(|mode| match mode {
            AccessMode::Enforce => "enforce",
            AccessMode::Audit => "audit",
        });
        self.add("access", &mode);
        for ask in &service.asks {
            self.said("authorize", mesh.authorizer(ask.authorizer).name.as_str(), ask.origin);
            self.conditions("authorize", ask.origin, &ask.conditions);
        }
        self.grants(mesh, service.namespace, [("allow", &service.grants), ("deny", &service.denials)]);
        for rule in &service.tokens {
            self.token_rule(mesh, "require-token", rule);
        }
        self.exposures(mesh, service);
    }

    /// A token, and which requests must show it.
    fn token_rule(&mut self, mesh: &Mesh, path: &str, rule: &TokenRule) {
        self.token(mesh, path, &rule.token);
        self.conditions(path, rule.token.origin, &rule.conditions);
    }

    fn token(&mut self, mesh: &Mesh, path: &str, token: &Token) {
        let names: Vec<&str> = token.issuers.iter().map(|it| mesh.issuer(it.issuer).name.as_str()).collect();
        let optional = if token.is_optional { " optional" } else { "" };
        self.said(path, format!("{}{optional}", names.join(" ")), token.origin);
        for claim in &token.claims {
            let values: Vec<&str> = claim.values.iter().map(|value| value.text().as_str()).collect();
            self.said(&format!("{path}.claim.{}", claim.name.value), values.join(" "), token.origin);
        }
    }

    fn calls(&mut self, mesh: &Mesh, namespace: NamespaceId, calls: &[Call]) {
        for call in calls {
            self.said("calls", call.callee.name(mesh, namespace), call.origin);
        }
    }

    fn network_policy(&mut self, on: &Decided<bool>) {
        self.add("network-policy", &on.clone().map(|on| if on { "on" } else { "off" }));
    }

    fn listener(&mut self, listener: &Listener) {
        let path = format!("listen.{}", listener.number.value);
        let protocol = listener.protocol.clone().map(ListenerProtocol::word);
        self.add(&path, &protocol);
        self.add(&format!("{path}.target"), &listener.target);
        let layer = listener.number.origin.layer;
        for host in &listener.hosts {
            self.said(&format!("{path}.host"), host.pattern.to_string(), Origin::new(layer, host.span));
        }
        for certificate in &listener.certificates {
            self.add(&format!("{path}.certificate"), certificate);
        }
        if let Some(ClientCertificates { authority, optional, names }) = listener.clients.as_deref() {
            self.option(&format!("{path}.client-ca"), authority.as_ref());
            self.option(&format!("{path}.client-ca.optional"), optional.as_ref());
            for name in names {
                self.add(&format!("{path}.client-san"), name);
            }
        }
        for (word, version) in [("min", &listener.tls.least), ("max", &listener.tls.most)] {
            // Ten times the version, as the language's pages compare it.
            let version = version.clone().map(|said| said.map(|tenfold| format!("{}.{}", tenfold / 10, tenfold % 10)));
            self.option(&format!("{path}.tls.{word}"), version.as_ref());
        }
        for (word, names) in [("cipher", &listener.tls.ciphers), ("curve", &listener.tls.curves)] {
            for name in names {
                self.add(&format!("{path}.tls.{word}"), name);
            }
        }
        if let Some(origin) = listener.passthrough {
            self.said(&format!("{path}.passthrough"), "on", origin);
        }
        if let Some(origin) = listener.redirect {
            self.said(&format!("{path}.redirect"), "on", origin);
        }
    }
}
