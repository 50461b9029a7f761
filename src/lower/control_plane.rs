use super::istio::sidecar::outbound_mode;
use crate::ir::{Authorizer, AuthorizerProtocol, Mesh, PathNormalization as Normalization};
use crate::manifest::{
    CheckedBody, ControlPlane, ControlPlaneEnv, ExtensionProvider, ExternalAuthorizer, MeshConfig, OutboundTraffic,
    PathNormalization, ProxyDefaults, ProxyMetadata,
};
use crate::value::{Duration, HeaderName};
use smol_str::{SmolStr, ToSmolStr, format_smolstr};

/// The control plane signs no certificate that lasts longer, unless it is told to.
const LONGEST_LIFETIME: Duration = Duration::of_milliseconds(90 * 24 * 3_600_000);

/// What the mesh asks of the control plane's own installation. Without the normalization of paths `/pay/..%2fsecret`
/// passes a grant of `/pay/*`, so it is not left to the default.
pub(super) fn lower(mesh: &Mesh) -> ControlPlane {
    let lifetime = mesh.certificate_lifetime.as_ref().map(|said| said.value);
    let longer = lifetime.filter(|lifetime| *lifetime > LONGEST_LIFETIME);
    ControlPlane {
        env: longer.map(|lifetime| ControlPlaneEnv { max_workload_cert_ttl: lifetime.to_string() }),
        mesh_config: MeshConfig {
            trust_domain: mesh.trust_domain.value.text().clone(),
            trust_domain_aliases: mesh.trust_aliases.iter().map(|alias| alias.text().clone()).collect(),
            root_namespace: mesh.root_namespace.value.text().clone(),
            enable_auto_mtls: true,
            default_config: lifetime
                .map(|lifetime| ProxyDefaults { proxy_metadata: ProxyMetadata { secret_ttl: lifetime.to_string() } }),
            outbound_traffic_policy: OutboundTraffic { mode: outbound_mode(mesh.egress.is_open.value) },
            path_normalization: PathNormalization { normalization: normalization(mesh) },
            extension_providers: mesh.authorizers.iter().map(|found| provider(mesh, found)).collect(),
        },
    }
}

fn normalization(mesh: &Mesh) -> &'static str {
    match mesh.path_normalization.value {
        Normalization::Base => "BASE",
        Normalization::MergeSlashes => "MERGE_SLASHES",
        Normalization::DecodeAndMergeSlashes => "DECODE_AND_MERGE_SLASHES",
    }
}

fn provider(mesh: &Mesh, authorizer: &Authorizer) -> ExtensionProvider {
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
        service: format_smolstr!("{}.{namespace}.svc.{}", asked.name, mesh.cluster_domain.value),
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
    ExtensionProvider { name: name.clone(), envoy_ext_authz_http: http, envoy_ext_authz_grpc: grpc }
}

fn texts(names: &[HeaderName]) -> Vec<SmolStr> {
    names.iter().map(|name| name.text().clone()).collect()
}
