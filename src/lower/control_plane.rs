use super::istio::sidecar::outbound_mode;
use super::{names, pods, telemetry_provider};
use crate::ir::{
    Authorizer, AuthorizerProtocol, Mesh, PathNormalization as Normalization, Provider, ProviderId, Proxy, Retry,
};
use crate::manifest::{
    CheckedBody, ControlPlane, ControlPlaneEnv, DefaultRetries, ExtensionProvider, ExternalAuthorizer, GlobalProxy,
    GlobalValues, MeshConfig, OutboundTraffic, PathNormalization, ProxyDefaults, Traced,
};
use crate::value::{Duration, HeaderName};
use smol_str::{SmolStr, ToSmolStr};

/// The control plane signs no certificate that lasts longer, unless it is told to.
const LONGEST_LIFETIME: Duration = Duration::of_milliseconds(90 * 24 * 3_600_000);

/// What the mesh asks of the control plane's own installation. Without the normalization of paths `/pay/..%2fsecret`
/// passes a grant of `/pay/*`, so it is not left to the default.
pub(super) fn lower(mesh: &Mesh) -> ControlPlane {
    let lifetime = mesh.certificate_lifetime.as_ref().map(Traced::from);
    let longer = lifetime.filter(|lifetime| lifetime.value > LONGEST_LIFETIME);
    let longest = |lifetime: Duration| ControlPlaneEnv { max_workload_cert_ttl: lifetime.to_string() };
    ControlPlane {
        env: longer.map(|lifetime| lifetime.map(longest)),
        global: global(mesh),
        mesh_config: MeshConfig {
            trust_domain: Traced::from(&mesh.trust_domain).map(|domain| domain.text().clone()),
            trust_domain_aliases: mesh.trust_aliases.iter().map(|alias| alias.text().clone()).collect(),
            root_namespace: Traced::from(&mesh.root_namespace).map(|name| name.text().clone()),
            enable_auto_mtls: true,
            access_log_file: access_log_file(mesh),
            default_config: proxy_defaults(&mesh.proxy, lifetime),
            outbound_traffic_policy: Traced::from(&mesh.egress.is_open)
                .map(|open| OutboundTraffic { mode: outbound_mode(open) }),
            default_http_retry_policy: default_retries(&mesh.defaults.retry),
            path_normalization: Traced::from(&mesh.path_normalization)
                .map(|how| PathNormalization { normalization: normalization(how) }),
            extension_providers: extension_providers(mesh),
        },
    }
}

/// Tries that are turned off for the mesh are off where no route of ours says it: for services that nobody declared too.
fn default_retries(said: &Retry) -> Option<Traced<DefaultRetries>> {
    match said {
        Retry::Off(origin) => Some(Traced::new(DefaultRetries { attempts: 0 }, *origin)),
        Retry::Unsaid | Retry::On(_) => None,
    }
}

/// What is logged is said by objects alone.
fn access_log_file(mesh: &Mesh) -> Option<Traced<&'static str>> {
    let log = mesh.telemetries().find_map(|telemetry| telemetry.log.as_ref())?;
    Some(Traced::new("", log.logged.origin))
}

fn extension_providers(mesh: &Mesh) -> Vec<Traced<ExtensionProvider>> {
    let used = mesh.used_providers();
    let wanted = |(id, provider): &(ProviderId, &Provider)| provider.origin.span.is_some() || used.contains(id);
    let providers = (0..).map(ProviderId).zip(&mesh.providers).filter(wanted);
    let sinks = providers.map(|(_, provider)| Traced::new(telemetry_provider::lower(mesh, provider), provider.origin));
    mesh.authorizers.iter().map(|found| provider(mesh, found)).chain(sinks).collect()
}

/// What every proxy starts with.
fn proxy_defaults(said: &Proxy, lifetime: Option<Traced<Duration>>) -> Option<ProxyDefaults> {
    let variables = said.variables.iter().map(|(name, value)| (name.text().clone(), Traced::from(value)));
    let lifetime = lifetime.map(|said| (SmolStr::new_static("SECRET_TTL"), said.map(|life| life.to_smolstr())));
    let mut proxy_metadata: Vec<_> = variables.chain(lifetime).collect();
    proxy_metadata.sort_by(|a, b| a.0.cmp(&b.0));
    let defaults = ProxyDefaults {
        concurrency: said.concurrency.as_ref().map(Traced::from),
        hold_application_until_proxy_starts: said.hold_application.as_ref().map(Traced::from),
        termination_drain_duration: said.drain.as_ref().map(|said| Traced::new(said.value.to_smolstr(), said.origin)),
        proxy_metadata,
    };
    (defaults != ProxyDefaults::default()).then_some(defaults)
}

/// What the injector puts into every pod.
/// The domain by which Kubernetes names services where nobody says another.
const CLUSTER_DOMAIN: &str = "cluster.local";

fn global(mesh: &Mesh) -> Option<GlobalValues> {
    let said = &mesh.proxy;
    let domain = Traced::from(&mesh.cluster_domain).map(|domain| domain.text().clone());
    let passed = said.exclude_outbound.as_ref().map(|said| pods::apart(&said.value).map(|list| (list, said.origin)));
    let [ports, ranges] = passed.map_or([None, None], |passed| {
        passed.map(|(list, origin)| (!list.is_empty()).then(|| Traced::new(list, origin)))
    });
    let proxy = GlobalProxy {
        cluster_domain: Some(domain).filter(|domain| domain.value != CLUSTER_DOMAIN),
        resources: pods::of_container(&said.resources),
        log_level: said.log_level.as_ref().map(Traced::from),
        exclude_inbound_ports: said
            .exclude_inbound
            .as_ref()
            .map(|said| Traced::new(pods::list(said.value.iter().copied()), said.origin)),
        exclude_outbound_ports: ports,
        exclude_ip_ranges: ranges,
    };
    (proxy != GlobalProxy::default()).then_some(GlobalValues { proxy })
}

fn normalization(how: Normalization) -> &'static str {
    match how {
        Normalization::Base => "BASE",
        Normalization::MergeSlashes => "MERGE_SLASHES",
        Normalization::DecodeAndMergeSlashes => "DECODE_AND_MERGE_SLASHES",
    }
}

fn provider(mesh: &Mesh, authorizer: &Authorizer) -> Traced<ExtensionProvider> {
    let Authorizer {
        name,
        protocol,
        service,
        port,
        timeout,
        fail_open,
        waiver: _,
        path_prefix,
        send_headers,
        send_body,
        pass_headers,
        return_headers,
    } = authorizer;
    let asked = mesh.service(service.value);
    let namespace = mesh.namespace_name(asked.namespace);
    // A body that is longer is cut and not refused: how much is seen must not decide what may be sent.
    let body = |max: u32| CheckedBody { max_request_bytes: max, allow_partial_message: true };
    let found = ExternalAuthorizer {
        service: names::fqdn(&asked.name, namespace, mesh.cluster_domain.value.text()),
        port: port.value.number(),
        timeout: timeout.value.to_smolstr(),
        fail_open: fail_open.value,
        path_prefix: path_prefix.as_ref().map(|prefix| prefix.value.text().clone()),
        include_request_headers_in_check: texts(send_headers),
        include_request_body_in_check: send_body.as_ref().map(|max| body(max.value)),
        headers_to_upstream_on_allow: texts(pass_headers),
        headers_to_downstream_on_allow: texts(return_headers),
        headers_to_downstream_on_deny: texts(return_headers),
    };
    let (http, grpc) = match protocol.value {
        AuthorizerProtocol::Http => (Some(found), None),
        AuthorizerProtocol::Grpc => (None, Some(found)),
    };
    let provider = ExtensionProvider {
        name: name.clone(),
        envoy_ext_authz_http: http,
        envoy_ext_authz_grpc: grpc,
        ..ExtensionProvider::default()
    };
    Traced::new(provider, protocol.origin)
}

fn texts(names: &[HeaderName]) -> Vec<SmolStr> {
    names.iter().map(|name| name.text().clone()).collect()
}
