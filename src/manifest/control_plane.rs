use serde::Serialize;
use smol_str::SmolStr;

/// Values for the Helm chart `istiod`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ControlPlane {
    /// Istio's own configuration of the mesh.
    pub mesh_config: MeshConfig,
    /// The environment of the control plane itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub env: Option<ControlPlaneEnv>,
}

/// The part of `MeshConfig` that the compiled objects rely on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MeshConfig {
    /// The trust domain of every identity.
    pub trust_domain: SmolStr,
    /// Trust domains whose identities count as ours.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub trust_domain_aliases: Vec<SmolStr>,
    /// The namespace whose objects hold for the whole mesh.
    pub root_namespace: SmolStr,
    /// Whether clients follow what a server asks for.
    pub enable_auto_mtls: bool,
    /// What every proxy starts with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_config: Option<ProxyDefaults>,
    /// What happens to calls to what nobody declared.
    pub outbound_traffic_policy: OutboundTraffic,
    /// What is done to a path before any rule sees it.
    pub path_normalization: PathNormalization,
    /// Who is asked by policies of their name.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub extension_providers: Vec<ExtensionProvider>,
}

/// Something outside of Istio that policies name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ExtensionProvider {
    /// Its name.
    pub name: SmolStr,
    /// One that is asked with the request itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub envoy_ext_authz_http: Option<ExternalAuthorizer>,
    /// One that speaks Envoy's protocol.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub envoy_ext_authz_grpc: Option<ExternalAuthorizer>,
}

/// Who is asked whether a request may pass.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ExternalAuthorizer {
    /// The full name of its service.
    pub service: SmolStr,
    /// The port of its service.
    pub port: u16,
    /// How long it may take.
    pub timeout: SmolStr,
    /// Whether requests pass where it does not answer.
    pub fail_open: bool,
    /// What stands before the path that it is asked with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path_prefix: Option<SmolStr>,
    /// Headers that it sees.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub include_request_headers_in_check: Vec<SmolStr>,
    /// How much of the body it sees.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub include_request_body_in_check: Option<CheckedBody>,
    /// Headers of its answer that the service gets.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub headers_to_upstream_on_allow: Vec<SmolStr>,
    /// Headers of its yes that the caller gets.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub headers_to_downstream_on_allow: Vec<SmolStr>,
    /// Headers of its no that the caller gets.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub headers_to_downstream_on_deny: Vec<SmolStr>,
}

/// How much of a body is sent along.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CheckedBody {
    /// So many bytes.
    pub max_request_bytes: u32,
    /// Whether a longer one is cut instead of refused.
    pub allow_partial_message: bool,
}

/// What happens to calls to what nobody declared.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct OutboundTraffic {
    /// The mode.
    pub mode: super::istio::OutboundMode,
}

/// What is done to a path before any rule sees it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct PathNormalization {
    /// The mode.
    pub normalization: &'static str,
}

/// What every proxy starts with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ProxyDefaults {
    /// Its environment.
    pub proxy_metadata: ProxyMetadata,
}

/// The environment of a proxy.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ProxyMetadata {
    /// How long the certificate lasts that it asks for.
    #[serde(rename = "SECRET_TTL")]
    pub secret_ttl: String,
}

/// The environment of the control plane.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ControlPlaneEnv {
    /// How long a certificate may last at most.
    #[serde(rename = "MAX_WORKLOAD_CERT_TTL")]
    pub max_workload_cert_ttl: String,
}
