use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};
use smol_str::SmolStr;

/// A service that is told traces or logs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct TelemetryService {
    /// Its full name.
    pub service: SmolStr,
    /// Its port.
    pub port: u16,
    /// The path of requests, where the protocol takes one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<SmolStr>,
    /// That it is spoken to by HTTP instead of gRPC.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub http: Option<HttpService>,
}

/// How a collector is spoken to by HTTP.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HttpService {
    /// The path of requests.
    pub path: SmolStr,
    /// How long an answer may take; Istio asks for it.
    pub timeout: &'static str,
}

/// A file of lines.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LogFile {
    /// Its path.
    pub path: SmolStr,
    /// How a line is written; none: as text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub log_format: Option<LogFileFormat>,
}

/// How a line is written: as JSON, with the fields that Istio gives it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct LogFileFormat {
    /// The fields; none: Istio's own.
    #[serde(serialize_with = "empty")]
    pub labels: (),
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde hands on what the field is")]
fn empty<S: Serializer>((): &(), serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_map(Some(0))?.end()
}
