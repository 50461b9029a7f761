use super::carried::Shown;
use super::tree::tree;
use super::{LogFile, ProxyResources, TelemetryService, Traced, yaml};
use crate::source::Origin;
use crate::verbatim::{CONTROL_PLANE, Made, Node};
use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};
use smol_str::SmolStr;

/// Values for the Helm chart `istiod`, as they are written.
#[derive(Clone, Debug, PartialEq)]
pub enum Values {
    /// As they were made.
    Made(Box<ControlPlane>),
    /// As they stand after what people merged into them.
    Patched(Node),
}

impl Values {
    /// All of them as a tree, each value with the line of intent that it came from.
    ///
    /// # Errors
    /// None of our own types can fail to be written; the error is the serializer's.
    pub fn tree(&self) -> Result<Node, yaml::Error> {
        match self {
            Values::Made(values) => values.tree(),
            Values::Patched(values) => Ok(values.clone()),
        }
    }
}

impl Default for Values {
    fn default() -> Self {
        Values::Made(Box::default())
    }
}

impl Serialize for Values {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Values::Made(values) => values.serialize(serializer),
            Values::Patched(values) => Shown(values).serialize(serializer),
        }
    }
}

/// Values for the Helm chart `istiod`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ControlPlane {
    /// Istio's own configuration of the mesh.
    pub mesh_config: MeshConfig,
    /// What the injector puts into pods.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub global: Option<GlobalValues>,
    /// The environment of the control plane itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub env: Option<Traced<ControlPlaneEnv>>,
}

impl ControlPlane {
    /// All of it as a tree, each value with the line of intent that it came from.
    ///
    /// # Errors
    /// None of our own types can fail to be written; the error is the serializer's.
    pub fn tree(&self) -> Result<Node, yaml::Error> {
        tree(self)
    }

    /// It as rules see it, as if it were an object of `owner`; none where it cannot be written.
    pub fn made(&self, owner: Origin) -> Option<Made> {
        let kind = ("values".into(), CONTROL_PLANE.into());
        Some(Made { owner, kind, namespace: None, name: CONTROL_PLANE.into(), body: self.tree().ok()? })
    }
}

/// The part of `MeshConfig` that the compiled objects rely on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MeshConfig {
    /// The trust domain of every identity.
    pub trust_domain: Traced<SmolStr>,
    /// Trust domains whose identities count as ours.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub trust_domain_aliases: Vec<SmolStr>,
    /// The namespace whose objects hold for the whole mesh.
    pub root_namespace: Traced<SmolStr>,
    /// Whether clients follow what a server asks for.
    pub enable_auto_mtls: bool,
    /// The log of every proxy whose telemetry says nothing; empty: there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub access_log_file: Option<Traced<&'static str>>,
    /// What every proxy starts with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_config: Option<ProxyDefaults>,
    /// What happens to calls to what nobody declared.
    pub outbound_traffic_policy: Traced<OutboundTraffic>,
    /// How often a request is tried again where no route says it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_http_retry_policy: Option<Traced<DefaultRetries>>,
    /// What is done to a path before any rule sees it.
    pub path_normalization: Traced<PathNormalization>,
    /// Who is asked by policies of their name.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub extension_providers: Vec<Traced<ExtensionProvider>>,
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
    /// A collector of traces that speaks OTLP.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub opentelemetry: Option<TelemetryService>,
    /// A collector of traces that speaks Zipkin's protocol.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zipkin: Option<TelemetryService>,
    /// Datadog's agent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub datadog: Option<TelemetryService>,
    /// A collector of traces that speaks `SkyWalking`'s protocol.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub skywalking: Option<TelemetryService>,
    /// A collector of logs that speaks OTLP.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub envoy_otel_als: Option<TelemetryService>,
    /// A collector of logs that speaks Envoy's protocol.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub envoy_http_als: Option<TelemetryService>,
    /// A file of the proxy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub envoy_file_access_log: Option<LogFile>,
    /// Prometheus, of which there is nothing to say.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "empty")]
    pub prometheus: Option<()>,
}

#[allow(clippy::ref_option, clippy::trivially_copy_pass_by_ref, reason = "serde hands on what the field is")]
fn empty<S: Serializer>(_: &Option<()>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_map(Some(0))?.end()
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

/// How often a request is tried again where no route says it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct DefaultRetries {
    /// How often.
    pub attempts: u32,
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
    /// How many threads it has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub concurrency: Option<Traced<u32>>,
    /// Whether the application waits for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hold_application_until_proxy_starts: Option<Traced<bool>>,
    /// How long it finishes what it began.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub termination_drain_duration: Option<Traced<SmolStr>>,
    /// Its environment, by name.
    #[serde(skip_serializing_if = "Vec::is_empty", serialize_with = "by_name")]
    pub proxy_metadata: Vec<(SmolStr, Traced<SmolStr>)>,
}

fn by_name<S: Serializer>(list: &[(SmolStr, Traced<SmolStr>)], serializer: S) -> Result<S::Ok, S::Error> {
    super::object::pairs(list, serializer)
}

/// What the injector puts into pods.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct GlobalValues {
    /// The proxy.
    pub proxy: GlobalProxy,
}

/// The proxy that the injector puts into pods.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct GlobalProxy {
    /// The domain of the cluster's services, by which the control plane names them too.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cluster_domain: Option<Traced<SmolStr>>,
    /// What it may use.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resources: Option<ProxyResources>,
    /// What it tells of itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub log_level: Option<Traced<&'static str>>,
    /// Ports of the pod that pass it by.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exclude_inbound_ports: Option<Traced<SmolStr>>,
    /// Ports to which connections pass it by.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exclude_outbound_ports: Option<Traced<SmolStr>>,
    /// Addresses to which connections pass it by.
    #[serde(rename = "excludeIPRanges", skip_serializing_if = "Option::is_none")]
    pub exclude_ip_ranges: Option<Traced<SmolStr>>,
}

/// The environment of the control plane.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ControlPlaneEnv {
    /// How long a certificate may last at most.
    #[serde(rename = "MAX_WORKLOAD_CERT_TTL")]
    pub max_workload_cert_ttl: String,
}
