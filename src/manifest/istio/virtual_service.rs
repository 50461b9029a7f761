use super::{CorsPolicy, Headers, HttpFaultInjection, PercentValue};
use crate::manifest::Traced;
use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};
use smol_str::SmolStr;

/// Where requests for a host go.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct VirtualService {
    /// The hosts.
    pub hosts: Vec<Traced<SmolStr>>,
    /// The gateways; `mesh` is every sidecar.
    pub gateways: Vec<SmolStr>,
    /// The namespaces that see it.
    pub export_to: Vec<SmolStr>,
    /// Rules for requests; the first that matches wins.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub http: Vec<HttpRoute>,
    /// Rules for connections with a server name.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tls: Vec<TlsRoute>,
    /// Rules for connections.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tcp: Vec<TcpRoute>,
}

/// A rule for requests.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct HttpRoute {
    /// Its name.
    pub name: Traced<SmolStr>,
    /// Any of these; none: every request.
    #[serde(rename = "match", skip_serializing_if = "Vec::is_empty")]
    pub matches: Vec<Traced<HttpMatch>>,
    /// Sends the client elsewhere.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub redirect: Option<Traced<Box<Redirect>>>,
    /// Answers on the spot.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub direct_response: Option<Traced<Box<DirectResponse>>>,
    /// What is changed before it is sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rewrite: Option<Traced<Box<Rewrite>>>,
    /// Where it goes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub route: Vec<RouteDestination>,
    /// How long it may take.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timeout: Option<Traced<String>>,
    /// How often it is tried again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retries: Option<Traced<Retries>>,
    /// Who else gets copies.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub mirrors: Vec<Traced<HttpMirror>>,
    /// Which faults are made up.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fault: Option<HttpFaultInjection>,
    /// Whose pages may call from a browser.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cors_policy: Option<Traced<CorsPolicy>>,
    /// Which headers change.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub headers: Option<Headers>,
}

/// Requests of a kind: every field must match.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct HttpMatch {
    /// The path.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uri: Option<StringMatch>,
    /// Whether the case of the path counts for nothing.
    #[serde(skip_serializing_if = "is_false")]
    pub ignore_uri_case: bool,
    /// The scheme.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scheme: Option<StringMatch>,
    /// The host, with its port where the client names one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authority: Option<StringMatch>,
    /// The method.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub method: Option<StringMatch>,
    /// Headers by name.
    #[serde(skip_serializing_if = "Vec::is_empty", serialize_with = "by_name")]
    pub headers: Vec<(SmolStr, StringMatch)>,
    /// Headers, pseudo headers too, that may not be so.
    #[serde(skip_serializing_if = "Vec::is_empty", serialize_with = "by_name")]
    pub without_headers: Vec<(SmolStr, StringMatch)>,
    /// Query parameters by name.
    #[serde(skip_serializing_if = "Vec::is_empty", serialize_with = "by_name")]
    pub query_params: Vec<(SmolStr, StringMatch)>,
    /// The port of the service.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub port: Option<Traced<u16>>,
    /// Labels of the pod that sends it.
    #[serde(skip_serializing_if = "Vec::is_empty", serialize_with = "as_map")]
    pub source_labels: Vec<(SmolStr, SmolStr)>,
    /// The namespace of the pod that sends it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source_namespace: Option<SmolStr>,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_false(value: &bool) -> bool {
    !value
}

/// Where a client is sent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Redirect {
    /// The scheme.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scheme: Option<&'static str>,
    /// The host.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authority: Option<SmolStr>,
    /// The port.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub port: Option<u16>,
    /// What takes the place of the path.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uri: Option<SmolStr>,
    /// What takes the place of the prefix that matched.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prefix_rewrite: Option<SmolStr>,
    /// The status.
    pub redirect_code: u16,
}

/// An answer on the spot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DirectResponse {
    /// The status.
    pub status: u16,
    /// The text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<ResponseBody>,
}

/// The text of an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ResponseBody {
    /// The text.
    pub string: SmolStr,
}

/// What is changed before a request is sent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Rewrite {
    /// What takes the place of the path.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uri: Option<SmolStr>,
    /// What an expression makes of the path.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uri_regex_rewrite: Option<RegexRewrite>,
    /// The host.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authority: Option<SmolStr>,
}

/// What an expression makes of a path.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RegexRewrite {
    /// The expression.
    #[serde(rename = "match")]
    pub matches: SmolStr,
    /// What takes its place.
    pub rewrite: SmolStr,
}

/// What a text must be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StringMatch {
    /// There.
    Present,
    /// This.
    Exact(SmolStr),
    /// Beginning with this.
    Prefix(SmolStr),
    /// Matching this as a whole.
    Regex(SmolStr),
}

impl Serialize for StringMatch {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (key, value) = match self {
            StringMatch::Present => return serializer.serialize_map(Some(0))?.end(),
            StringMatch::Exact(value) => ("exact", value),
            StringMatch::Prefix(value) => ("prefix", value),
            StringMatch::Regex(value) => ("regex", value),
        };
        let mut map = serializer.serialize_map(Some(1))?;
        map.serialize_entry(key, value)?;
        map.end()
    }
}

fn by_name<S: Serializer>(list: &[(SmolStr, StringMatch)], serializer: S) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(list.len()))?;
    for (name, value) in list {
        map.serialize_entry(name, value)?;
    }
    map.end()
}

fn as_map<S: Serializer>(labels: &[(SmolStr, SmolStr)], serializer: S) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(labels.len()))?;
    for (key, value) in labels {
        map.serialize_entry(key, value)?;
    }
    map.end()
}

/// A destination and its share.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RouteDestination {
    /// Where.
    pub destination: Destination,
    /// How much of 100; none where it is alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weight: Option<Traced<u16>>,
    /// Which headers change for it alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub headers: Option<Headers>,
}

/// Copies of requests.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HttpMirror {
    /// Whom they are for.
    pub destination: Destination,
    /// How many.
    pub percentage: PercentValue,
}

/// A service, one of its ports, and a subset of its pods.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Destination {
    /// The service.
    pub host: SmolStr,
    /// Its port.
    pub port: PortNumber,
    /// The subset.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subset: Option<Traced<SmolStr>>,
}

/// A port by its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct PortNumber {
    /// The number.
    pub number: u16,
}

/// How often a request is tried again; always written out, since Istio has a default of its own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Retries {
    /// How many more tries; 0: none.
    pub attempts: Traced<u32>,
    /// How long one try may take.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub per_try_timeout: Option<Traced<String>>,
    /// After which failures.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_on: Option<Traced<String>>,
    /// Whether other localities are tried too.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_remote_localities: Option<Traced<bool>>,
    /// Whether pods that were tried are avoided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_ignore_previous_hosts: Option<Traced<bool>>,
    /// The first pause between tries.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub backoff: Option<Traced<String>>,
}

/// A rule for connections with a server name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TlsRoute {
    /// Any of these.
    #[serde(rename = "match")]
    pub matches: Vec<TlsMatch>,
    /// Where it goes.
    pub route: Vec<RouteDestination>,
}

/// Connections of a kind, by the server that they ask for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TlsMatch {
    /// The port of the service.
    pub port: u16,
    /// The server's names; each must be a host of the VirtualService.
    pub sni_hosts: Vec<SmolStr>,
    /// Addresses that are dialled.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub destination_subnets: Vec<SmolStr>,
    /// Labels of the pod that sends it.
    #[serde(skip_serializing_if = "Vec::is_empty", serialize_with = "as_map")]
    pub source_labels: Vec<(SmolStr, SmolStr)>,
    /// The namespace of the pod that sends it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source_namespace: Option<SmolStr>,
}

/// A rule for connections.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TcpRoute {
    /// Any of these.
    #[serde(rename = "match")]
    pub matches: Vec<TcpMatch>,
    /// Where it goes.
    pub route: Vec<RouteDestination>,
}

/// Connections of a kind.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TcpMatch {
    /// The port of the service.
    pub port: u16,
    /// Addresses that are dialled.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub destination_subnets: Vec<SmolStr>,
    /// Labels of the pod that sends it.
    #[serde(skip_serializing_if = "Vec::is_empty", serialize_with = "as_map")]
    pub source_labels: Vec<(SmolStr, SmolStr)>,
    /// The namespace of the pod that sends it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source_namespace: Option<SmolStr>,
}
