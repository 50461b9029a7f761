use super::said::{Table, because, count, text};
use super::schema::object;
use crate::ir::{self, Passed, ProviderKind, Sink};
use smol_str::{SmolStr, ToSmolStr, format_smolstr};

object! {
    /// How the proxies of pods run.
    Proxy {
        /// What of a processor is kept for it.
        cpu: Option<SmolStr>,
        /// What memory is kept for it.
        memory: Option<SmolStr>,
        /// What of a processor it may use.
        cpu_limit: Option<SmolStr>,
        /// Beyond which memory it is killed.
        memory_limit: Option<SmolStr>,
        /// How many threads it has.
        concurrency: Option<i64>,
        /// What it tells of itself.
        log_level: Option<SmolStr>,
        /// Whether the application waits for it.
        hold_application: Option<bool>,
        /// How long it finishes what it began.
        drain: Option<SmolStr>,
        /// Ports of the pod that pass it by.
        exclude_inbound: Option<Excluded>,
        /// Ports and addresses to which connections pass it by.
        exclude_outbound: Option<Excluded>,
        /// Its environment.
        env: Table,
    }
}

object! {
    /// What passes a proxy by.
    Excluded {
        /// Ports.
        port: Vec<i64>,
        /// Addresses.
        cidr: Vec<SmolStr>,
        /// Why.
        reason: Option<SmolStr>,
        /// The last day on which it counts.
        until: Option<SmolStr>,
    }
}

object! {
    /// Where telemetry goes.
    Provider {
        /// Its name.
        name: SmolStr,
        /// What it is: `opentelemetry`, `zipkin`, `datadog`, `skywalking`, `access-log-file`, `opentelemetry-log`,
        /// `grpc-log` or `prometheus`.
        mode: SmolStr,
        /// The service that it is.
        service: Option<SmolStr>,
        /// The host outside that it is.
        host: Option<SmolStr>,
        /// Its port.
        port: Option<i64>,
        /// The file of a log, or the path of requests.
        path: Option<SmolStr>,
        /// How a line of a log is written: `text` or `json`.
        format: Option<SmolStr>,
    }
}

impl Proxy {
    pub(super) fn of(proxy: &ir::Proxy) -> Self {
        let ir::Proxy {
            resources: ir::Resources { cpu, memory, cpu_limit, memory_limit },
            concurrency,
            log_level,
            hold_application,
            drain,
            exclude_inbound,
            inbound_waiver,
            exclude_outbound,
            outbound_waiver,
            variables,
        } = proxy;
        Proxy {
            cpu: text(cpu.as_ref()),
            memory: text(memory.as_ref()),
            cpu_limit: text(cpu_limit.as_ref()),
            memory_limit: text(memory_limit.as_ref()),
            concurrency: count(concurrency.as_ref()),
            log_level: text(log_level.as_ref()),
            hold_application: hold_application.as_ref().map(|said| said.value),
            drain: text(drain.as_ref()),
            exclude_inbound: exclude_inbound.as_ref().map(|said| {
                let ports = said.value.iter().map(|port| Passed::Port(*port));
                Excluded::of(ports, inbound_waiver.as_deref())
            }),
            exclude_outbound: exclude_outbound
                .as_ref()
                .map(|said| Excluded::of(said.value.iter().copied(), outbound_waiver.as_deref())),
            env: variables.iter().map(|(name, value)| (name.text().clone(), value.value.clone())).collect(),
        }
    }
}

impl Excluded {
    fn of(passed: impl Iterator<Item = Passed>, waiver: Option<&ir::Waiver>) -> Self {
        let (mut port, mut cidr) = (Vec::new(), Vec::new());
        for passed in passed {
            match passed {
                Passed::Port(number) => port.push(i64::from(number.number())),
                Passed::Range(range) => cidr.push(range.to_smolstr()),
            }
        }
        let (reason, until) = because(waiver);
        Excluded { port, cidr, reason, until }
    }
}

impl Provider {
    pub(super) fn of(provider: &ir::Provider, mesh: &ir::Mesh) -> Self {
        let ir::Provider { name, origin: _, kind, sink, path, is_json } = provider;
        let mode = match kind {
            ProviderKind::OpenTelemetry => "opentelemetry",
            ProviderKind::Zipkin => "zipkin",
            ProviderKind::Datadog => "datadog",
            ProviderKind::SkyWalking => "skywalking",
            ProviderKind::LogFile => "access-log-file",
            ProviderKind::OpenTelemetryLog => "opentelemetry-log",
            ProviderKind::GrpcLog => "grpc-log",
            ProviderKind::Prometheus => "prometheus",
        };
        let (service, host, port) = match sink {
            Sink::Proxy => (None, None, None),
            Sink::Service { name, namespace, declared: _, port } => {
                let name = format_smolstr!("{name}.{}", mesh.namespace_name(*namespace));
                (Some(name), None, Some(port))
            }
            Sink::Outside { host, declared: _, port } => (None, Some(host.value.text().clone()), Some(port)),
        };
        let format = is_json.as_ref().map(|is_json| if is_json.value { "json" } else { "text" });
        Provider {
            name: name.clone(),
            mode: SmolStr::new_static(mode),
            service,
            host,
            port: port.map(|port| i64::from(port.value.number())),
            path: text(path.as_ref()),
            format: format.map(SmolStr::new_static),
        }
    }
}
