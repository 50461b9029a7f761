use super::Mismatch;
use smol_str::SmolStr;
use std::fmt;

/// One of the metrics that proxies keep, or all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Metric {
    /// All.
    All,
    /// Requests.
    RequestCount,
    /// How long they took.
    RequestDuration,
    /// How many bytes they had.
    RequestSize,
    /// How many bytes the answers had.
    ResponseSize,
    /// Connections that were opened.
    TcpOpenedConnections,
    /// Connections that were closed.
    TcpClosedConnections,
    /// Bytes that were sent in answers.
    TcpSentBytes,
    /// Bytes that were received.
    TcpReceivedBytes,
    /// Messages of gRPC in requests.
    GrpcRequestMessages,
    /// Messages of gRPC in answers.
    GrpcResponseMessages,
}

impl Metric {
    /// Each with its word.
    pub const ALL: [(&'static str, Metric); 11] = [
        ("all", Metric::All),
        ("request-count", Metric::RequestCount),
        ("request-duration", Metric::RequestDuration),
        ("request-size", Metric::RequestSize),
        ("response-size", Metric::ResponseSize),
        ("tcp-opened-connections", Metric::TcpOpenedConnections),
        ("tcp-closed-connections", Metric::TcpClosedConnections),
        ("tcp-sent-bytes", Metric::TcpSentBytes),
        ("tcp-received-bytes", Metric::TcpReceivedBytes),
        ("grpc-request-messages", Metric::GrpcRequestMessages),
        ("grpc-response-messages", Metric::GrpcResponseMessages),
    ];

    /// Its word.
    pub fn word(self) -> &'static str {
        Metric::ALL.iter().find(|(_, metric)| *metric == self).map_or("all", |(word, _)| word)
    }
}

/// The name of a tag of a metric: a label of Prometheus.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TagName(SmolStr);

impl TagName {
    /// The tags that the metrics have by themselves.
    pub const STANDARD: [&'static str; 25] = [
        "reporter",
        "source_workload",
        "source_workload_namespace",
        "source_canonical_service",
        "source_canonical_revision",
        "source_app",
        "source_version",
        "source_principal",
        "source_cluster",
        "destination_workload",
        "destination_workload_namespace",
        "destination_canonical_service",
        "destination_canonical_revision",
        "destination_app",
        "destination_version",
        "destination_principal",
        "destination_service",
        "destination_service_name",
        "destination_service_namespace",
        "destination_cluster",
        "request_protocol",
        "response_code",
        "response_flags",
        "grpc_response_status",
        "connection_security_policy",
    ];

    /// Reads a name.
    ///
    /// # Errors
    /// Prometheus would not take it.
    pub fn parse(text: &str) -> Result<Self, Mismatch> {
        let expected = "a name of letters, digits and `_` that begins with a letter";
        let fits = |text: &str| {
            text.starts_with(|c: char| c.is_ascii_alphabetic())
                && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        };
        if fits(text) {
            return Ok(TagName(text.into()));
        }
        let mismatch = Mismatch::new(expected, "Prometheus knows no such label");
        let right = text.replace(['-', '.'], "_");
        Err(if fits(&right) { mismatch.instead(right) } else { mismatch })
    }

    /// The text.
    pub fn text(&self) -> &SmolStr {
        &self.0
    }
}

impl fmt::Display for TagName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::{Metric, TagName};

    #[test]
    fn a_tag_is_a_label_of_prometheus() {
        assert!(TagName::parse("request_host").is_ok() && TagName::parse("a1").is_ok());
        for text in ["", "1a", "__name__", "a b", "é"] {
            assert!(TagName::parse(text).is_err(), "{text}");
        }
        assert_eq!(TagName::parse("request-host").expect_err("a dash").instead.as_deref(), Some("request_host"));
        assert!(TagName::STANDARD.iter().all(|name| TagName::parse(name).is_ok()));
        assert_eq!(Metric::TcpSentBytes.word(), "tcp-sent-bytes");
    }
}
