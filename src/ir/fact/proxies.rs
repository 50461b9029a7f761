use super::Facts;
use crate::ir::{
    AccessLog, Logged, Mesh, Metrics, Provider, Proxy, Reported, Resources, Sink, TagSource, Telemetry, Tracing,
};

impl Facts {
    /// Where telemetry goes, as far as the mesh says it.
    pub(super) fn providers(&mut self, mesh: &Mesh) {
        for provider in mesh.providers.iter().filter(|provider| provider.origin.span.is_some()) {
            let Provider { name, origin, kind: _, sink, path, is_json } = provider;
            let at = format!("provider.{name}");
            match sink {
                Sink::Proxy => self.said(&at, "at the proxy", *origin),
                Sink::Service { name, namespace, declared: _, port } => {
                    self.said(&at, format!("{name}.{}", mesh.namespace_name(*namespace)), *origin);
                    self.add(&format!("{at}.port"), port);
                }
                Sink::Outside { host, declared: _, port } => {
                    self.said(&at, host.value.to_string(), *origin);
                    self.add(&format!("{at}.port"), port);
                }
            }
            self.option(&format!("{at}.path"), path.as_ref());
            let format = is_json.clone().map(|said| said.map(|json| if json { "json" } else { "text" }));
            self.option(&format!("{at}.format"), format.as_ref());
        }
    }

    /// Every single value of what proxies tell.
    pub(super) fn telemetry(&mut self, mesh: &Mesh, said: &Telemetry) {
        let Telemetry { log, tracing, metrics } = said;
        if let Some(log) = log {
            self.access_log(mesh, log);
        }
        match tracing {
            None => {}
            Some(Reported::Off(origin)) => self.said("telemetry.tracing", "off", *origin),
            Some(Reported::On(tracing)) => self.tracing(mesh, tracing),
        }
        match metrics {
            None => {}
            Some(Reported::Off(origin)) => self.said("telemetry.metrics", "off", *origin),
            Some(Reported::On(metrics)) => self.metrics(mesh, metrics),
        }
    }

    fn access_log(&mut self, mesh: &Mesh, log: &AccessLog) {
        let path = "telemetry.access-log";
        let word = log.logged.clone().map(|logged| match logged {
            Logged::Nothing => "off",
            Logged::All => "all",
            Logged::Errors => "errors",
        });
        self.add(path, &word);
        self.option(&format!("{path}.slower-than"), log.slower_than.as_ref());
        self.option(&format!("{path}.filter"), log.filter.as_ref());
        self.add(&format!("{path}.to"), &log.to.clone().map(|id| mesh.provider(id).name.clone()));
    }

    fn tracing(&mut self, mesh: &Mesh, tracing: &Tracing) {
        let path = "telemetry.tracing";
        self.add(path, &tracing.provider.clone().map(|id| mesh.provider(id).name.clone()));
        self.add(&format!("{path}.percent"), &tracing.percent);
        for (name, tag) in &tracing.tags {
            let text = tag.clone().map(|tag| match tag {
                TagSource::Text(text) => text.to_string(),
                TagSource::Header(header, _) => format!("header {}", header.text()),
                TagSource::Variable(variable, _) => format!("env {variable}"),
            });
            self.add(&format!("{path}.tag.{name}"), &text);
        }
    }

    fn metrics(&mut self, mesh: &Mesh, metrics: &Metrics) {
        let path = "telemetry.metrics";
        self.add(path, &metrics.provider.clone().map(|id| mesh.provider(id).name.clone()));
        for ((metric, _, tag), value) in &metrics.tags {
            self.add(&format!("{path}.tag.{tag}.{}", metric.word()), value);
        }
        for (tag, origin) in &metrics.dropped_tags {
            self.said(&format!("{path}.drop-tag"), tag.to_string(), *origin);
        }
        for (metric, origin) in &metrics.dropped {
            self.said(&format!("{path}.drop"), metric.word(), *origin);
        }
    }

    /// Every single value of how a proxy runs.
    pub(super) fn proxy(&mut self, said: &Proxy) {
        let Proxy {
            resources: Resources { cpu, memory, cpu_limit, memory_limit },
            concurrency,
            log_level,
            hold_application,
            drain,
            exclude_inbound,
            inbound_waiver: _,
            exclude_outbound,
            outbound_waiver: _,
            variables,
        } = said;
        let quantities = [("cpu", cpu), ("memory", memory), ("cpu-limit", cpu_limit), ("memory-limit", memory_limit)];
        for (word, quantity) in quantities {
            self.option(&format!("proxy.{word}"), quantity.as_ref());
        }
        self.option("proxy.concurrency", concurrency.as_ref());
        self.option("proxy.log-level", log_level.as_ref());
        self.option("proxy.hold-application", hold_application.as_ref());
        self.option("proxy.drain", drain.as_ref());
        let ports = exclude_inbound.clone().map(|said| said.map(|ports| listed(&ports)));
        self.option("proxy.exclude-inbound", ports.as_ref());
        let passed = exclude_outbound.clone().map(|said| said.map(|passed| listed(&passed)));
        self.option("proxy.exclude-outbound", passed.as_ref());
        for (name, value) in variables {
            self.add(&format!("proxy.env.{name}"), value);
        }
    }
}

fn listed<T: ToString>(values: &[T]) -> String {
    values.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}
