use super::said::{Number, text, texts};
use super::schema::object;
use crate::ir::{self, Logged, Mesh, Reported, Side};
use smol_str::{SmolStr, ToSmolStr};

object! {
    /// What proxies tell of what they see.
    Telemetry {
        /// Which requests get a line in the log.
        access_log: Option<AccessLog>,
        /// Where traces go.
        tracing: Option<Tracing>,
        /// Where metrics are kept.
        metrics: Option<Metrics>,
    }
}

object! {
    /// Which requests get a line in the log.
    AccessLog {
        /// `off`, `all` or `errors`.
        mode: SmolStr,
        /// Those too that took longer.
        slower_than: Option<SmolStr>,
        /// The provider that the lines go to.
        to: SmolStr,
        /// The expression that chooses among all.
        filter: Option<SmolStr>,
    }
}

object! {
    /// Where traces go.
    Tracing {
        /// The provider; null where there are none.
        provider: Option<SmolStr>,
        /// Of how many of the requests, in percent.
        percent: Option<Number>,
        /// What each span says besides.
        tag: Vec<TraceTag>,
    }
}

object! {
    /// What a span says besides: a text, a header or a variable.
    TraceTag {
        /// Its name.
        name: SmolStr,
        /// The text.
        value: Option<SmolStr>,
        /// The header of the request.
        header: Option<SmolStr>,
        /// The variable of the proxy.
        env: Option<SmolStr>,
        /// What stands there where header or variable are missing.
        default: Option<SmolStr>,
    }
}

object! {
    /// Where metrics are kept.
    Metrics {
        /// The provider; null where there are none.
        provider: Option<SmolStr>,
        /// Tags, and what they hold.
        tag: Vec<MetricTag>,
        /// Tags that go.
        drop_tag: Vec<SmolStr>,
        /// Metrics that are not kept.
        drop: Vec<SmolStr>,
    }
}

object! {
    /// A tag of metrics.
    MetricTag {
        /// Its name.
        name: SmolStr,
        /// What it holds.
        cel: SmolStr,
        /// Of which metric; `all` of all.
        metric: SmolStr,
        /// As whose proxy counts, `client` or `server`; null for both.
        side: Option<SmolStr>,
    }
}

impl Telemetry {
    pub(super) fn of(telemetry: &ir::Telemetry, mesh: &Mesh) -> Self {
        let ir::Telemetry { log, tracing, metrics } = telemetry;
        Telemetry {
            access_log: log.as_ref().map(|log| AccessLog::of(log, mesh)),
            tracing: tracing.as_ref().map(|said| Tracing::of(said.on(), mesh)),
            metrics: metrics.as_ref().map(|said| Metrics::of(said, mesh)),
        }
    }
}

impl AccessLog {
    fn of(log: &ir::AccessLog, mesh: &Mesh) -> Self {
        let ir::AccessLog { logged, slower_than, filter, to } = log;
        let mode = match logged.value {
            Logged::Nothing => "off",
            Logged::All => "all",
            Logged::Errors => "errors",
        };
        AccessLog {
            mode: SmolStr::new_static(mode),
            slower_than: text(slower_than.as_ref()),
            to: mesh.provider(to.value).name.clone(),
            filter: text(filter.as_ref()),
        }
    }
}

impl Tracing {
    fn of(tracing: Option<&ir::Tracing>, mesh: &Mesh) -> Self {
        let Some(ir::Tracing { provider, percent, tags }) = tracing else {
            return Tracing { provider: None, percent: None, tag: Vec::new() };
        };
        Tracing {
            provider: Some(mesh.provider(provider.value).name.clone()),
            percent: Some(percent.value.into()),
            tag: tags.iter().map(|(name, tag)| TraceTag::of(name, &tag.value)).collect(),
        }
    }
}

impl TraceTag {
    fn of(name: &SmolStr, source: &ir::TagSource) -> Self {
        let (value, header, env, default) = match source {
            ir::TagSource::Text(text) => (Some(text.clone()), None, None, None),
            ir::TagSource::Header(header, default) => (None, Some(header.text().clone()), None, default.clone()),
            ir::TagSource::Variable(name, default) => (None, None, Some(name.text().clone()), default.clone()),
        };
        TraceTag { name: name.clone(), value, header, env, default }
    }
}

impl Metrics {
    fn of(metrics: &Reported<ir::Metrics>, mesh: &Mesh) -> Self {
        let Some(ir::Metrics { provider, tags, dropped_tags, dropped }) = metrics.on() else {
            return Metrics { provider: None, tag: Vec::new(), drop_tag: Vec::new(), drop: Vec::new() };
        };
        let tag = |(key, value): (&ir::MetricKey, &crate::source::Decided<crate::value::Cel>)| {
            let (metric, side, name) = key;
            let side = side.map(|side| match side {
                Side::Client => "client",
                Side::Server => "server",
            });
            MetricTag {
                name: name.text().clone(),
                cel: value.value.to_smolstr(),
                metric: SmolStr::new_static(metric.word()),
                side: side.map(SmolStr::new_static),
            }
        };
        Metrics {
            provider: Some(mesh.provider(provider.value).name.clone()),
            tag: tags.iter().map(tag).collect(),
            drop_tag: texts(dropped_tags.keys()),
            drop: dropped.keys().map(|metric| SmolStr::new_static(metric.word())).collect(),
        }
    }
}
