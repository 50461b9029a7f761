use super::Said;
use super::decode::{Decoder, argument, head, property};
use super::grammar::{Place, Repeats, Word};
use super::peer::Reference;
use crate::source::{Span, Spanned};
use crate::syntax::Node;
use crate::value::{FilePath, Host, Name, Port};

/// A row of a word of a provider.
const fn row(name: &'static str, shape: &'static str, meaning: &'static str) -> Word {
    let (places, arguments) = (&[Place::Provider], (1, 1));
    Word { name, places, shape, arguments, properties: &[], block: None, repeats: Repeats::Once, meaning }
}

pub(super) const WORDS: &[Word] = &[
    Word {
        places: &[Place::Mesh],
        arguments: (1, 2),
        properties: &["service", "host", "port"],
        block: Some(Place::Provider),
        repeats: Repeats::Keyed,
        ..row(
            "provider",
            "NAME opentelemetry|zipkin|datadog|skywalking|access-log-file|opentelemetry-log|grpc-log|prometheus service=SERVICE|host=HOST port=PORT { }",
            "Where telemetry goes: traces to `opentelemetry`, `zipkin`, `datadog` or `skywalking`; logs to `access-log-file`, `opentelemetry-log` or `grpc-log` (requests alone); metrics to `prometheus`. Built in are `prometheus`, and `stdout`, the proxy's own output.",
        )
    },
    row("path", "PATH", "The file of a log; or the path under which a collector takes traces over HTTP."),
    row("format", "text | json", "How a line of the log is written; `text` unless said."),
];

/// What a provider is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProviderKind {
    /// A collector of traces that speaks OTLP.
    OpenTelemetry,
    /// A collector of traces that speaks Zipkin's protocol.
    Zipkin,
    /// Datadog's agent.
    Datadog,
    /// A collector of traces that speaks `SkyWalking`'s protocol.
    SkyWalking,
    /// A file, or the proxy's own output.
    LogFile,
    /// A collector of logs that speaks OTLP.
    OpenTelemetryLog,
    /// A collector of logs that speaks Envoy's protocol.
    GrpcLog,
    /// Prometheus, which comes and asks.
    Prometheus,
}

impl ProviderKind {
    /// Each with its word.
    pub const ALL: [(&'static str, ProviderKind); 8] = [
        ("opentelemetry", ProviderKind::OpenTelemetry),
        ("zipkin", ProviderKind::Zipkin),
        ("datadog", ProviderKind::Datadog),
        ("skywalking", ProviderKind::SkyWalking),
        ("access-log-file", ProviderKind::LogFile),
        ("opentelemetry-log", ProviderKind::OpenTelemetryLog),
        ("grpc-log", ProviderKind::GrpcLog),
        ("prometheus", ProviderKind::Prometheus),
    ];
}

/// How a line of a log is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// As text.
    Text,
    /// As JSON.
    Json,
}

/// `provider`; parts that one layer leaves out, another says.
#[derive(Clone, Debug)]
pub struct Provider {
    /// Its name.
    pub name: Spanned<Name>,
    /// What it is.
    pub kind: Said<ProviderKind>,
    /// The service that it is.
    pub service: Said<Reference>,
    /// The host outside that it is.
    pub host: Said<Host>,
    /// Its port.
    pub port: Said<Port>,
    /// The file, or the path of requests.
    pub path: Said<FilePath>,
    /// How a line is written.
    pub format: Said<LogFormat>,
    /// The node's word and values.
    pub span: Span,
}

/// Reads `provider`.
pub(super) fn decode(decoder: &mut Decoder<'_>, node: &Node<'_>) -> Option<Provider> {
    let name = decoder.name(argument(node, 0)?);
    let kind = argument(node, 1).and_then(|entry| decoder.choice(entry, &ProviderKind::ALL));
    let (service, host) = (property(node, "service"), property(node, "host"));
    if let (Some(service), Some(host)) = (service, host) {
        decoder.choose_one(("service", service.span), ("host", host.span));
    }
    let mut provider = Provider {
        name: name?,
        kind,
        service: service.and_then(|entry| decoder.value(entry)),
        host: host.and_then(|entry| decoder.value(entry)),
        port: property(node, "port").and_then(|entry| decoder.port(entry)),
        path: None,
        format: None,
        span: head(node),
    };
    decoder.children(node, Place::Provider, |decoder, word, child| {
        let Some(entry) = argument(child, 0) else { return };
        match word.name {
            "path" => provider.path = decoder.value(entry),
            _ => provider.format = decoder.choice(entry, &[("text", LogFormat::Text), ("json", LogFormat::Json)]),
        }
    });
    Some(provider)
}
