use super::names;
use crate::ir::{Mesh, Provider, ProviderKind, Sink};
use crate::manifest::{ExtensionProvider, HttpService, LogFile, LogFileFormat, TelemetryService};
use smol_str::SmolStr;

/// Where telemetry goes, as the control plane's configuration knows it.
pub(super) fn lower(mesh: &Mesh, provider: &Provider) -> ExtensionProvider {
    let Provider { name, origin: _, kind, sink, path, is_json } = provider;
    let mut found = ExtensionProvider { name: name.clone(), ..ExtensionProvider::default() };
    let path = path.as_ref().map(|path| path.value.clone());
    let service = |path| service(mesh, sink, path);
    match kind {
        ProviderKind::OpenTelemetry => {
            let http = path.map(|path| HttpService { path, timeout: "10s" });
            found.opentelemetry = Some(TelemetryService { http, ..service(None) });
        }
        ProviderKind::Zipkin => found.zipkin = Some(service(path)),
        ProviderKind::Datadog => found.datadog = Some(service(None)),
        ProviderKind::SkyWalking => found.skywalking = Some(service(None)),
        ProviderKind::OpenTelemetryLog => found.envoy_otel_als = Some(service(None)),
        ProviderKind::GrpcLog => found.envoy_http_als = Some(service(None)),
        ProviderKind::LogFile => {
            let is_json = is_json.as_ref().is_some_and(|is_json| is_json.value);
            found.envoy_file_access_log = Some(LogFile {
                path: path.unwrap_or(SmolStr::new_static("/dev/stdout")),
                log_format: is_json.then(LogFileFormat::default),
            });
        }
        ProviderKind::Prometheus => found.prometheus = Some(()),
    }
    found
}

fn service(mesh: &Mesh, sink: &Sink, path: Option<SmolStr>) -> TelemetryService {
    let (service, port) = match sink {
        Sink::Proxy => (SmolStr::default(), 0),
        Sink::Service { name, namespace, declared: _, port } => {
            (names::fqdn(name, mesh.namespace_name(*namespace), mesh.cluster_domain.value.text()), port.value.number())
        }
        Sink::Outside { host, declared: _, port } => (host.value.text().clone(), port.value.number()),
    };
    TelemetryService { service, port, path, http: None }
}
