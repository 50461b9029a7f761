use crate::manifest::Traced;
use serde::Serialize;
use smol_str::SmolStr;

/// What a proxy knows and may reach.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Sidecar {
    /// Whose proxies; none: all of the namespace.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub workload_selector: Option<WorkloadSelector>,
    /// What happens to calls outside the scope.
    pub outbound_traffic_policy: OutboundTrafficPolicy,
    /// The scope.
    pub egress: Vec<Egress>,
}

/// Pods by their labels.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct WorkloadSelector {
    /// The labels.
    #[serde(serialize_with = "super::selector::labels")]
    pub labels: Traced<Vec<(SmolStr, SmolStr)>>,
}

/// What happens to calls outside the scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct OutboundTrafficPolicy {
    /// The mode.
    pub mode: Traced<OutboundMode>,
}

/// What happens to calls outside the scope.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum OutboundMode {
    /// They fail.
    #[default]
    RegistryOnly,
    /// They go where they were sent.
    AllowAny,
}

/// Hosts of the scope.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Egress {
    /// `NAMESPACE/HOST`.
    pub hosts: Vec<Traced<SmolStr>>,
}
