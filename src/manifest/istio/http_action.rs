use super::StringMatch;
use crate::manifest::Traced;
use crate::value::Fraction;
use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};
use smol_str::SmolStr;

/// Changes of headers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Headers {
    /// Of requests.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request: Option<HeaderOperations>,
    /// Of answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub response: Option<HeaderOperations>,
}

/// Changes of headers in one direction.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct HeaderOperations {
    /// In place of what is there.
    #[serde(skip_serializing_if = "Vec::is_empty", serialize_with = "by_name")]
    pub set: Vec<(SmolStr, Traced<SmolStr>)>,
    /// Beside what is there.
    #[serde(skip_serializing_if = "Vec::is_empty", serialize_with = "by_name")]
    pub add: Vec<(SmolStr, Traced<SmolStr>)>,
    /// Taken away.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub remove: Vec<Traced<SmolStr>>,
}

fn by_name<S: Serializer>(list: &[(SmolStr, Traced<SmolStr>)], serializer: S) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(list.len()))?;
    for (name, value) in list {
        map.serialize_entry(name, value)?;
    }
    map.end()
}

/// Whose pages may call from a browser.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CorsPolicy {
    /// The origins.
    pub allow_origins: Traced<Vec<StringMatch>>,
    /// The methods.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allow_methods: Option<Traced<Vec<SmolStr>>>,
    /// The headers of requests.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allow_headers: Option<Traced<Vec<SmolStr>>>,
    /// The headers of answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expose_headers: Option<Traced<Vec<SmolStr>>>,
    /// How long a browser remembers it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_age: Option<Traced<String>>,
    /// Whether cookies are sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allow_credentials: Option<Traced<bool>>,
    /// What becomes of the preflights of other origins.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unmatched_preflights: Option<Traced<UnmatchedPreflights>>,
}

/// What becomes of the preflights of other origins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum UnmatchedPreflights {
    /// They reach the service.
    Forward,
    /// They are answered.
    Ignore,
}

/// Faults that are made up.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct HttpFaultInjection {
    /// Requests that wait.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delay: Option<FaultDelay>,
    /// Requests that are answered by the proxy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub abort: Option<FaultAbort>,
}

/// Requests that wait.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FaultDelay {
    /// How many.
    pub percentage: PercentValue,
    /// How long.
    pub fixed_delay: Traced<String>,
}

/// Requests that are answered by the proxy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FaultAbort {
    /// How many.
    pub percentage: PercentValue,
    /// A status of HTTP.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub http_status: Option<Traced<u32>>,
    /// A status of gRPC.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grpc_status: Option<Traced<String>>,
}

/// A part of all requests.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PercentValue {
    /// In percent.
    pub value: Traced<FractionalPercent>,
}

/// A number of percent, written without a point where it has no fraction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FractionalPercent(pub Fraction);

impl Serialize for FractionalPercent {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0.whole() {
            Some(whole) => serializer.serialize_u32(whole),
            None => serializer.serialize_f64(self.0.percent()),
        }
    }
}
