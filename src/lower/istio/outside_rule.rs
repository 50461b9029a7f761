use super::super::{Lowering, outside};
use super::connection_pool::Carried;
use super::traffic_policy;
use crate::ir::{Authorities, ClientCertificate, External, OriginateTls, OutsidePort};
use crate::manifest::istio::{
    ClientTls, ClientTlsMode, DestinationRule, PortNumber, PortPolicy, Selector, TrafficPolicy,
};
use crate::manifest::{Object, Spec, Traced, Wave};
use crate::source::Decided;
use crate::value::{HostPattern, ProtocolKind};
use smol_str::{SmolStr, ToSmolStr};

/// What holds of connections to what is outside, beside the entry of the side that dials it: a rule for each host.
pub(in crate::lower) fn lower(lowering: &Lowering<'_>, take: &mut dyn FnMut(Object)) {
    for (id, external) in lowering.mesh.externals().filter(|(_, external)| lowering.writes_external(external)) {
        let gateway = lowering.gateway_of(external);
        if gateway.is_some_and(|gateway| !lowering.writes_into(gateway.namespace)) {
            continue;
        }
        for host in &external.hosts {
            let Some(traffic_policy) = traffic_policy(external, &host.value) else { continue };
            let (mut place, export_to) = match gateway {
                Some(gateway) => (lowering.far_place(external, gateway, Wave::Ground), vec![SmolStr::new_static(".")]),
                None => (
                    lowering.place_of_external(external, Wave::Ground),
                    lowering.reach.export_external(lowering.mesh, id),
                ),
            };
            place.name = outside::of_host(&place.name, external, &host.value);
            let rule = DestinationRule {
                host: host.value.to_smolstr(),
                export_to,
                workload_selector: gateway
                    .filter(|_| uses_secret(external))
                    .map(|gateway| Selector { match_labels: (&gateway.selector).into() }),
                traffic_policy: Some(traffic_policy),
                subsets: Vec::new(),
            };
            take(lowering.frame.object(&lowering.owned_by_external(external), place, Spec::DestinationRule(rule)));
        }
    }
}

/// Whether a certificate is a Secret, which only those read whom a selector names: Istio's analyzers warn where none does.
fn uses_secret(external: &External) -> bool {
    let certificates = external.ports.iter().filter_map(|port| port.tls.as_deref()?.certificate.as_ref());
    certificates.into_iter().any(|said| matches!(said.value, ClientCertificate::Secret(_)))
}

/// What holds of one host. A port's own block drops all else that is said for that port, so each is written whole.
fn traffic_policy(external: &External, host: &HostPattern) -> Option<TrafficPolicy> {
    let carried = Carried {
        requests: external.http_ports().next().is_some(),
        others: external.ports.iter().any(|port| port.kind() != ProtocolKind::Http),
    };
    let whole = traffic_policy::lower(&external.resilience, carried);
    let tls = |port: &OutsidePort| port.tls.as_deref().map(|tls| client_tls(tls, host));
    let policy = match external.ports.as_slice() {
        [only] => TrafficPolicy { tls: tls(only), ..whole },
        ports => {
            let apart = ports.iter().filter(|port| port.tls.is_some()).map(|port| PortPolicy {
                port: PortNumber { number: port.number.value.number() },
                load_balancer: whole.load_balancer.clone(),
                connection_pool: whole.connection_pool.clone(),
                outlier_detection: whole.outlier_detection.clone(),
                tls: tls(port),
            });
            TrafficPolicy { port_level_settings: apart.collect(), ..whole }
        }
    };
    (policy != TrafficPolicy::default()).then_some(policy)
}

/// The TLS that is spoken for callers. Names and authorities are always written: without them a proxy would take any
/// certificate that some authority signed, or any at all.
fn client_tls(tls: &OriginateTls, host: &HostPattern) -> Traced<ClientTls> {
    let OriginateTls { origin, ca, certificate, sni, sans, unverified } = tls;
    let host = Traced::plain(host.to_smolstr());
    let name = |host: &Decided<crate::value::Host>| Traced::from(host).map(|host| host.text().clone());
    let sans = if sans.is_empty() { vec![host.clone()] } else { sans.iter().map(name).collect() };
    let (is_verified, secret) = (unverified.is_none(), certificate.as_ref().and_then(secret));
    // A Secret holds the authorities too.
    let authorities = (is_verified && secret.is_none()).then(|| Traced::from(ca).map(authorities));
    let files = certificate.as_ref().and_then(files);
    let tls = ClientTls {
        mode: if certificate.is_some() { ClientTlsMode::Mutual } else { ClientTlsMode::Simple },
        sni: Some(sni.as_ref().map_or(host, name)),
        credential_name: secret,
        client_certificate: files.clone().map(|files| files.map(|files| files.0)),
        private_key: files.map(|files| files.map(|files| files.1)),
        ca_certificates: authorities,
        subject_alt_names: if is_verified { sans } else { Vec::new() },
        insecure_skip_verify: unverified.as_ref().map(|said| Traced::new(true, said.origin)),
    };
    Traced::new(tls, *origin)
}

fn authorities(said: Authorities) -> SmolStr {
    match said {
        Authorities::System => SmolStr::new_static("system"),
        Authorities::File(path) => path.text().clone(),
    }
}

fn secret(said: &Decided<ClientCertificate>) -> Option<Traced<SmolStr>> {
    match &said.value {
        ClientCertificate::Secret(name) => Some(Traced::new(name.clone(), said.origin)),
        ClientCertificate::Files { .. } => None,
    }
}

fn files(said: &Decided<ClientCertificate>) -> Option<Traced<(SmolStr, SmolStr)>> {
    match &said.value {
        ClientCertificate::Secret(_) => None,
        ClientCertificate::Files { certificate, key } => {
            Some(Traced::new((certificate.text().clone(), key.text().clone()), said.origin))
        }
    }
}
