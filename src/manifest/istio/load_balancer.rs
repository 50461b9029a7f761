use crate::manifest::{Number, Traced};
use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};
use smol_str::SmolStr;

/// Which pod a request goes to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LoadBalancer {
    /// A way that needs nothing else.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub simple: Option<Traced<&'static str>>,
    /// By a part of the request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub consistent_hash: Option<Traced<ConsistentHash>>,
    /// Whether near pods come first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locality_lb_setting: Option<LocalityLb>,
    /// How a new pod gets its share.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub warmup: Option<Warmup>,
}

/// The part of a request by which a pod is chosen, and over what.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ConsistentHash {
    /// A header.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub http_header_name: Option<Traced<SmolStr>>,
    /// A cookie.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub http_cookie: Option<Traced<HttpCookie>>,
    /// The address of the caller.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub use_source_ip: Option<Traced<bool>>,
    /// A query parameter.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub http_query_parameter_name: Option<Traced<SmolStr>>,
    /// A ring.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ring_hash: Option<RingHash>,
    /// A table.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub maglev: Option<Maglev>,
}

/// A cookie.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HttpCookie {
    /// Its name.
    pub name: SmolStr,
    /// Its path.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<SmolStr>,
    /// How long one lives that the proxy sets.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ttl: Option<String>,
}

/// A ring.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RingHash {
    /// The least number of its places.
    pub minimum_ring_size: Traced<u32>,
}

/// A table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Maglev {
    /// The number of its places.
    pub table_size: Traced<u32>,
}

/// Whether near pods come first, and where requests go when none is healthy.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LocalityLb {
    /// Whether any of it holds.
    pub enabled: Traced<bool>,
    /// Shares by place.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub distribute: Vec<Traced<Distribute>>,
    /// Where requests of a region go once its own pods are out.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub failover: Vec<Traced<Failover>>,
    /// Labels whose values a pod should share with the caller.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failover_priority: Option<Traced<Vec<SmolStr>>>,
}

/// Where requests of a place go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Distribute {
    /// The place.
    pub from: SmolStr,
    /// The places, with their shares.
    #[serde(serialize_with = "shares")]
    pub to: Vec<(SmolStr, u8)>,
}

/// Where requests of a region go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Failover {
    /// The region.
    pub from: SmolStr,
    /// The other region.
    pub to: SmolStr,
}

/// How a new pod gets its share.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Warmup {
    /// How long it takes.
    pub duration: Traced<String>,
    /// The share that it begins with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub minimum_percent: Option<Traced<Number>>,
    /// How steep it goes up.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub aggression: Option<Traced<Number>>,
}

fn shares<S: Serializer>(shares: &[(SmolStr, u8)], serializer: S) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(shares.len()))?;
    for (place, share) in shares {
        map.serialize_entry(place, share)?;
    }
    map.end()
}
