use super::WorkloadSelector;
use crate::manifest::Traced;
use serde::Serialize;
use smol_str::SmolStr;

/// Changes to what the control plane tells the proxies of some pods. Those of ours limit requests, which no other kind
/// can say; the fields inside of `value` are Envoy's own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EnvoyFilter {
    /// The pods.
    pub workload_selector: WorkloadSelector,
    /// When it is applied; with 0 an insertion may be lost after an upgrade.
    pub priority: u8,
    /// The changes.
    pub config_patches: Vec<ConfigPatch>,
}

/// One change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ConfigPatch {
    /// To what.
    pub apply_to: &'static str,
    /// Where.
    #[serde(rename = "match")]
    pub at: PatchPlace,
    /// How.
    pub patch: Patch,
}

/// Where a change is made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PatchPlace {
    /// On which side.
    pub context: &'static str,
    /// In which listener.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub listener: Option<ListenerPlace>,
    /// In which table of routes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub route_configuration: Option<RoutePlace>,
}

/// A listener of a proxy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ListenerPlace {
    /// The port of the pod.
    pub port_number: u16,
    /// The filters of it.
    pub filter_chain: FilterChain,
}

/// A chain of filters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FilterChain {
    /// The one that reads HTTP.
    pub filter: NetworkFilter,
}

/// A filter that reads connections.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NetworkFilter {
    /// Its name.
    pub name: &'static str,
    /// The one inside of it, before which the change is made.
    pub sub_filter: SubFilter,
}

/// A filter that reads requests.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SubFilter {
    /// Its name.
    pub name: &'static str,
}

/// A table of routes of a proxy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RoutePlace {
    /// The host in it.
    pub vhost: VirtualHost,
}

/// A host in a table of routes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct VirtualHost {
    /// Its name.
    pub name: SmolStr,
}

/// What is changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Patch {
    /// In which way.
    pub operation: &'static str,
    /// What comes in.
    pub value: PatchValue,
}

/// What a change brings in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum PatchValue {
    /// A filter that counts requests.
    Filter {
        /// Its name.
        name: SmolStr,
        /// What it does.
        typed_config: Box<LocalRateLimit>,
    },
    /// What requests are called for these filters.
    Names {
        /// Which requests have which name.
        rate_limits: Vec<RequestName>,
    },
}

/// Envoy's filter that refuses what is too much.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LocalRateLimit {
    /// Its type.
    #[serde(rename = "@type")]
    pub type_url: &'static str,
    /// What its statistics begin with.
    pub stat_prefix: SmolStr,
    /// For requests that no descriptor is for.
    pub token_bucket: TokenBucket,
    /// For requests of a name.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub descriptors: Vec<Descriptor>,
    /// Whether it counts.
    pub filter_enabled: RuntimeShare,
    /// Whether it refuses.
    pub filter_enforced: RuntimeShare,
}

/// How many requests pass.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TokenBucket {
    /// At once.
    pub max_tokens: Traced<u32>,
    /// In each time.
    pub tokens_per_fill: Traced<u32>,
    /// The time.
    pub fill_interval: Traced<String>,
}

/// A limit for requests of a name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Descriptor {
    /// The name.
    pub entries: Vec<DescriptorEntry>,
    /// The limit.
    pub token_bucket: TokenBucket,
}

/// A part of a name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DescriptorEntry {
    /// What kind of part.
    pub key: SmolStr,
    /// Its text.
    pub value: SmolStr,
}

/// A share that is 100 percent unless the runtime says otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RuntimeShare {
    /// The key of the runtime.
    pub runtime_key: &'static str,
    /// The share.
    pub default_value: Share,
}

/// A share.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Share {
    /// How many.
    pub numerator: u8,
    /// Of how many.
    pub denominator: &'static str,
}

/// Which requests have a name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RequestName {
    /// What gives it.
    pub actions: Vec<RequestAction>,
}

/// What gives a name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RequestAction {
    /// That all of these headers are so.
    pub header_value_match: HeaderValueMatch,
}

/// A name for requests whose headers are so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HeaderValueMatch {
    /// What kind of name.
    pub descriptor_key: SmolStr,
    /// The name.
    pub descriptor_value: SmolStr,
    /// The headers, method and path among them.
    pub headers: Vec<Traced<HeaderMatcher>>,
}

/// How a header must be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HeaderMatcher {
    /// Its name.
    pub name: SmolStr,
    /// Its value.
    #[serde(flatten)]
    pub value: HeaderTest,
}

/// How the value of a header must be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum HeaderTest {
    /// There, whatever it is.
    PresentMatch(bool),
    /// So.
    StringMatch(StringTest),
}

/// How a text must be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum StringTest {
    /// This.
    Exact(SmolStr),
    /// Beginning with this.
    Prefix(SmolStr),
    /// Matching this as a whole.
    SafeRegex {
        /// The expression.
        regex: SmolStr,
    },
}
