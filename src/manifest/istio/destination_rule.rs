use super::{ClientTls, LoadBalancer, Selector};
use crate::manifest::Traced;
use serde::Serialize;
use smol_str::SmolStr;

/// What holds of connections to a host, and the subsets of its pods.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DestinationRule {
    /// The service.
    pub host: SmolStr,
    /// The namespaces that see it.
    pub export_to: Vec<SmolStr>,
    /// The pods that dial; none: all that see it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub workload_selector: Option<Selector>,
    /// What holds of all pods.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub traffic_policy: Option<TrafficPolicy>,
    /// The versions.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub subsets: Vec<Subset>,
}

/// What holds of connections. A block in a subset or for a port replaces the same block of the host whole.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TrafficPolicy {
    /// Which pod a request goes to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub load_balancer: Option<LoadBalancer>,
    /// Limits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub connection_pool: Option<ConnectionPool>,
    /// Ejection.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outlier_detection: Option<OutlierDetection>,
    /// The TLS that is spoken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tls: Option<Traced<ClientTls>>,
    /// What holds of single ports, in place of all of the above.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub port_level_settings: Vec<PortPolicy>,
    /// Retries as a share of requests.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_budget: Option<Traced<RetryBudget>>,
}

/// What holds of one port.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PortPolicy {
    /// The port of the service.
    pub port: super::PortNumber,
    /// Which pod a request goes to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub load_balancer: Option<LoadBalancer>,
    /// Limits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub connection_pool: Option<ConnectionPool>,
    /// Ejection.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outlier_detection: Option<OutlierDetection>,
    /// The TLS that is spoken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tls: Option<Traced<ClientTls>>,
}

/// Limits.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ConnectionPool {
    /// Of connections.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tcp: Option<TcpPool>,
    /// Of requests.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub http: Option<HttpPool>,
}

/// Limits of connections.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TcpPool {
    /// Open connections.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_connections: Option<Traced<u32>>,
    /// How long opening one may take.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub connect_timeout: Option<Traced<String>>,
    /// After which silence one is closed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub idle_timeout: Option<Traced<String>>,
    /// How old one may get.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_connection_duration: Option<Traced<String>>,
    /// Whether TCP asks if the other end is there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tcp_keepalive: Option<TcpKeepalive>,
}

/// Questions of TCP if the other end is there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct TcpKeepalive {
    /// How many may go unanswered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub probes: Option<Traced<u32>>,
    /// After which silence it asks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time: Option<Traced<String>>,
    /// How long it waits between questions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interval: Option<Traced<String>>,
}

/// Limits of requests.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct HttpPool {
    /// Requests that wait for a connection.
    #[serde(rename = "http1MaxPendingRequests", skip_serializing_if = "Option::is_none")]
    pub http1_max_pending_requests: Option<Traced<u32>>,
    /// Requests under way.
    #[serde(rename = "http2MaxRequests", skip_serializing_if = "Option::is_none")]
    pub http2_max_requests: Option<Traced<u32>>,
    /// Requests after which a connection is closed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_requests_per_connection: Option<Traced<u32>>,
    /// Retries under way.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_retries: Option<Traced<u32>>,
    /// After which silence a connection is closed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub idle_timeout: Option<Traced<String>>,
    /// Whether HTTP/1.1 travels as HTTP/2.
    #[serde(rename = "h2UpgradePolicy", skip_serializing_if = "Option::is_none")]
    pub h2_upgrade_policy: Option<Traced<&'static str>>,
    /// Whether the version of HTTP is the caller's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub use_client_protocol: Option<Traced<bool>>,
    /// Requests under way in one connection of HTTP/2.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_concurrent_streams: Option<Traced<u32>>,
    /// Whether HTTP/2 asks if the other end is there.
    #[serde(rename = "http2KeepAlive", skip_serializing_if = "Option::is_none")]
    pub http2_keep_alive: Option<Traced<Http2KeepAlive>>,
}

/// Questions of HTTP/2 if the other end is there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Http2KeepAlive {
    /// How often it asks.
    pub interval: String,
    /// How long it waits for an answer.
    pub timeout: String,
}

/// Which pods are out, and how long.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OutlierDetection {
    /// Whether failed connections are counted apart from answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub split_external_local_origin_errors: Option<Traced<bool>>,
    /// Failed connections in a row that eject.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub consecutive_local_origin_failures: Option<Traced<u32>>,
    /// 502, 503 and 504 in a row that eject.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub consecutive_gateway_errors: Option<Traced<u32>>,
    /// 5xx in a row that eject.
    #[serde(rename = "consecutive5xxErrors", skip_serializing_if = "Option::is_none")]
    pub consecutive_5xx_errors: Option<Traced<u32>>,
    /// How often pods are looked at.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interval: Option<Traced<String>>,
    /// How long a pod is out the first time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base_ejection_time: Option<Traced<String>>,
    /// How much may be out at once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_ejection_percent: Option<Traced<u8>>,
    /// Below which share of healthy pods nobody is out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_health_percent: Option<Traced<u8>>,
}

/// Retries as a share of requests.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RetryBudget {
    /// The share.
    pub percent: u8,
    /// How many are allowed whatever the share.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_retry_concurrency: Option<u32>,
    /// Over which time requests are counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub budget_interval: Option<String>,
}

/// Pods of one version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Subset {
    /// Its name.
    pub name: Traced<SmolStr>,
    /// The labels of its pods.
    #[serde(serialize_with = "super::selector::labels")]
    pub labels: Traced<Vec<(SmolStr, SmolStr)>>,
    /// What holds of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub traffic_policy: Option<TrafficPolicy>,
}
