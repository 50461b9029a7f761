use super::Selector;
use crate::manifest::{Number, Traced};
use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};
use smol_str::SmolStr;

/// What proxies tell of what they see.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Telemetry {
    /// Whose; none: all of the namespace, or of the mesh in the root namespace.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub selector: Option<Selector>,
    /// Traces.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tracing: Vec<Tracing>,
    /// Metrics.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub metrics: Vec<Metrics>,
    /// Lines of a log.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub access_logging: Vec<AccessLogging>,
}

/// A provider of the control plane's configuration, by its name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ProviderRef {
    /// The name.
    pub name: Traced<SmolStr>,
}

/// Traces.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Tracing {
    /// Where they go.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub providers: Vec<ProviderRef>,
    /// Of how many requests.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub random_sampling_percentage: Option<Traced<Number>>,
    /// Whether none is told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disable_span_reporting: Option<Traced<bool>>,
    /// What each span says besides, by name.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "by_name")]
    pub custom_tags: Option<Vec<(SmolStr, CustomTag)>>,
}

/// What a tag of spans holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum CustomTag {
    /// A text.
    Literal {
        /// The text.
        value: Traced<SmolStr>,
    },
    /// A header of the request.
    Header(NamedTag),
    /// A variable of the proxy.
    Environment(NamedTag),
}

/// What has a name, and a text for when it is not there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NamedTag {
    /// The name.
    pub name: Traced<SmolStr>,
    /// The text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_value: Option<Traced<SmolStr>>,
}

/// Metrics.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Metrics {
    /// Where they are kept.
    pub providers: Vec<ProviderRef>,
    /// What is otherwise than usual.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub overrides: Vec<MetricsOverride>,
}

/// What is otherwise with some metrics.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MetricsOverride {
    /// Which.
    #[serde(rename = "match")]
    pub which: MetricSelector,
    /// Whether they are not kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disabled: Option<Traced<bool>>,
    /// Their tags, by name.
    #[serde(skip_serializing_if = "Vec::is_empty", serialize_with = "tags")]
    pub tag_overrides: Vec<(SmolStr, TagOverride)>,
}

/// Some metrics.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct MetricSelector {
    /// Which.
    pub metric: &'static str,
    /// Whose proxy counts; none: both.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mode: Option<&'static str>,
}

/// What becomes of a tag of metrics.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum TagOverride {
    /// It holds this expression.
    Holds {
        /// The expression.
        value: Traced<SmolStr>,
    },
    /// It goes.
    Goes {
        /// The operation.
        operation: Traced<&'static str>,
    },
}

/// Lines of a log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AccessLogging {
    /// Where they go.
    pub providers: Vec<ProviderRef>,
    /// Whether there are none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disabled: Option<Traced<bool>>,
    /// Which there are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filter: Option<LogFilter>,
}

/// Which lines there are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LogFilter {
    /// An expression of CEL.
    pub expression: Traced<SmolStr>,
}

#[allow(clippy::ref_option, reason = "serde hands on what the field is")]
fn by_name<S: Serializer>(list: &Option<Vec<(SmolStr, CustomTag)>>, serializer: S) -> Result<S::Ok, S::Error> {
    map(list.as_deref().unwrap_or_default(), serializer)
}

fn tags<S: Serializer>(list: &[(SmolStr, TagOverride)], serializer: S) -> Result<S::Ok, S::Error> {
    map(list, serializer)
}

fn map<T: Serialize, S: Serializer>(list: &[(SmolStr, T)], serializer: S) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(list.len()))?;
    for (name, value) in list {
        map.serialize_entry(name, value)?;
    }
    map.end()
}
