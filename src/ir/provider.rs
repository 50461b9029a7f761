use super::{ExternalId, NamespaceId, ServiceId};
use crate::source::{Decided, Origin};
use crate::value::{Host, Port};
use smol_str::SmolStr;

/// What a provider takes, and in which language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProviderKind {
    /// Traces by OTLP.
    OpenTelemetry,
    /// Traces by Zipkin's protocol.
    Zipkin,
    /// Traces by Datadog's.
    Datadog,
    /// Traces by that of `SkyWalking`.
    SkyWalking,
    /// Lines of a log, in a file of the proxy.
    LogFile,
    /// Lines of a log by OTLP.
    OpenTelemetryLog,
    /// Lines of a log about requests, by the proxy's own protocol.
    GrpcLog,
    /// Metrics, which it fetches.
    Prometheus,
}

/// What telemetry is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// Lines of a log.
    Logs,
    /// Traces.
    Traces,
    /// Metrics.
    Metrics,
}

/// Where a provider is.
#[derive(Debug)]
pub enum Sink {
    /// In the proxy itself: a file, or what is fetched from it.
    Proxy,
    /// A service of the cluster.
    Service {
        /// Its name.
        name: SmolStr,
        /// Its namespace.
        namespace: NamespaceId,
        /// The service, where it is declared.
        declared: Option<ServiceId>,
        /// Its port.
        port: Decided<Port>,
    },
    /// A host outside.
    Outside {
        /// The host.
        host: Decided<Host>,
        /// What is declared with this host, where it is.
        declared: Option<ExternalId>,
        /// Its port.
        port: Decided<Port>,
    },
}

/// Where telemetry goes.
#[derive(Debug)]
pub struct Provider {
    /// Its name.
    pub name: SmolStr,
    /// Who declares it.
    pub origin: Origin,
    /// What it takes.
    pub kind: ProviderKind,
    /// Where it is.
    pub sink: Sink,
    /// The file of a log, or the path of requests.
    pub path: Option<Decided<SmolStr>>,
    /// Whether a line of a log is JSON.
    pub is_json: Option<Decided<bool>>,
}

impl ProviderKind {
    /// What it takes.
    pub const fn signal(self) -> Signal {
        match self {
            ProviderKind::OpenTelemetry | ProviderKind::Zipkin | ProviderKind::Datadog | ProviderKind::SkyWalking => {
                Signal::Traces
            }
            ProviderKind::LogFile | ProviderKind::OpenTelemetryLog | ProviderKind::GrpcLog => Signal::Logs,
            ProviderKind::Prometheus => Signal::Metrics,
        }
    }

    /// What is spoken to it, as a port says it.
    pub const fn protocol(self) -> &'static str {
        match self {
            ProviderKind::Zipkin | ProviderKind::Prometheus => "http",
            ProviderKind::Datadog => "tcp",
            ProviderKind::OpenTelemetry
            | ProviderKind::SkyWalking
            | ProviderKind::LogFile
            | ProviderKind::OpenTelemetryLog
            | ProviderKind::GrpcLog => "grpc",
        }
    }

    /// Whether it is told, instead of being in the proxy.
    pub const fn is_remote(self) -> bool {
        !matches!(self, ProviderKind::LogFile | ProviderKind::Prometheus)
    }
}

impl Signal {
    /// Its name in messages.
    pub const fn word(self) -> &'static str {
        match self {
            Signal::Logs => "logs",
            Signal::Traces => "traces",
            Signal::Metrics => "metrics",
        }
    }
}
