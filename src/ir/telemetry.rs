use super::{Gateway, Mesh, NamespaceId, Peer, Plane, ProviderId, ProviderKind, Service, Workload};
use crate::source::{Decided, Origin};
use crate::value::{Cel, Duration, Fraction, HeaderName, Metric, TagName, VariableName};
use smol_str::SmolStr;
use std::collections::{BTreeMap, BTreeSet};

/// What proxies tell of what they see; what nobody says is absent.
#[derive(Clone, Debug, Default)]
pub struct Telemetry {
    /// Which requests get a line in the log.
    pub log: Option<AccessLog>,
    /// Where traces go.
    pub tracing: Option<Reported<Tracing>>,
    /// Where metrics are kept.
    pub metrics: Option<Reported<Metrics>>,
}

/// What is told somewhere, or nowhere.
#[derive(Clone, Debug)]
pub enum Reported<T> {
    /// Nowhere.
    Off(Origin),
    /// Somewhere.
    On(Box<T>),
}

/// Which requests get a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Logged {
    /// None.
    Nothing,
    /// All.
    All,
    /// Those that failed.
    Errors,
}

/// Which requests get a line in the log.
#[derive(Clone, Debug)]
pub struct AccessLog {
    /// Which.
    pub logged: Decided<Logged>,
    /// Those too that took longer.
    pub slower_than: Option<Decided<Duration>>,
    /// Which of all.
    pub filter: Option<Decided<Cel>>,
    /// Where the lines go.
    pub to: Decided<ProviderId>,
}

/// Where traces go.
#[derive(Clone, Debug)]
pub struct Tracing {
    /// Where.
    pub provider: Decided<ProviderId>,
    /// Of how many requests.
    pub percent: Decided<Fraction>,
    /// What each span says besides, by name.
    pub tags: BTreeMap<SmolStr, Decided<TagSource>>,
}

/// Where the value of a tag comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TagSource {
    /// It is this text.
    Text(SmolStr),
    /// A header of the request; without it, the text.
    Header(HeaderName, Option<SmolStr>),
    /// A variable of the proxy; without it, the text.
    Variable(VariableName, Option<SmolStr>),
}

/// Whose proxy counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    /// The caller's.
    Client,
    /// The service's.
    Server,
}

/// A tag of a metric: of which, whose proxy counts, and its name; what is of all comes first.
pub type MetricKey = (Metric, Option<Side>, TagName);

/// Where metrics are kept.
#[derive(Clone, Debug)]
pub struct Metrics {
    /// Where.
    pub provider: Decided<ProviderId>,
    /// What tags hold.
    pub tags: BTreeMap<MetricKey, Decided<Cel>>,
    /// Tags that no metric has.
    pub dropped_tags: BTreeMap<TagName, Origin>,
    /// Metrics that are not kept.
    pub dropped: BTreeMap<Metric, Origin>,
}

impl<T> Reported<T> {
    /// What is told, where it is.
    pub fn on(&self) -> Option<&T> {
        match self {
            Reported::Off(_) => None,
            Reported::On(told) => Some(told),
        }
    }
}

impl Telemetry {
    /// Whether nothing is said.
    pub fn is_unsaid(&self) -> bool {
        let Telemetry { log, tracing, metrics } = self;
        log.is_none() && tracing.is_none() && metrics.is_none()
    }

    /// Where lines of the log go, where there are any.
    pub fn logs_to(&self) -> Option<&Decided<ProviderId>> {
        self.log.as_ref().filter(|log| log.logged.value != Logged::Nothing).map(|log| &log.to)
    }

    /// Where traces go, where there are any.
    pub fn traces_to(&self) -> Option<&Decided<ProviderId>> {
        self.tracing.as_ref().and_then(Reported::on).map(|tracing| &tracing.provider)
    }

    /// Where metrics are kept, where there are any.
    pub fn counts_in(&self) -> Option<&Decided<ProviderId>> {
        self.metrics.as_ref().and_then(Reported::on).map(|metrics| &metrics.provider)
    }

    /// Whatever it is told to.
    pub fn providers(&self) -> impl Iterator<Item = &Decided<ProviderId>> {
        self.logs_to().into_iter().chain(self.traces_to()).chain(self.counts_in())
    }

    /// The words that are said, by whom each is.
    pub fn words(&self) -> Vec<(&'static str, Origin)> {
        let Telemetry { log, tracing, metrics } = self;
        let words = [
            ("access-log", log.as_ref().map(|log| log.logged.origin)),
            ("tracing", tracing.as_ref().map(|said| origin(said, |on| on.provider.origin))),
            ("metrics", metrics.as_ref().map(|said| origin(said, |on| on.provider.origin))),
        ];
        words.into_iter().filter_map(|(word, origin)| Some((word, origin?))).collect()
    }
}

fn origin<T>(said: &Reported<T>, of: impl Fn(&T) -> Origin) -> Origin {
    match said {
        Reported::Off(origin) => *origin,
        Reported::On(told) => of(told),
    }
}

impl Mesh {
    /// What the proxies of a service tell; nothing where its pods have none of their own.
    pub fn telemetry_of<'m>(&'m self, service: &'m Service) -> Option<&'m Telemetry> {
        let own = service.telemetry.as_deref().unwrap_or(&self.namespace(service.namespace).telemetry);
        (service.data_plane.plane.value == Plane::PerPod).then_some(own)
    }

    /// What the proxies of a workload tell; nothing where its pods have none of their own.
    pub fn telemetry_of_workload<'m>(&'m self, workload: &'m Workload) -> Option<&'m Telemetry> {
        let own = workload.telemetry.as_deref().unwrap_or(&self.namespace(workload.namespace).telemetry);
        (workload.data_plane.plane.value == Plane::PerPod).then_some(own)
    }

    /// What a gateway tells.
    pub fn telemetry_of_gateway<'m>(&'m self, gateway: &'m Gateway) -> &'m Telemetry {
        gateway.telemetry.as_deref().unwrap_or(&self.namespace(gateway.namespace).telemetry)
    }

    /// Whoever tells something, and what.
    pub fn reporters(&self) -> impl Iterator<Item = (Peer, NamespaceId, &Telemetry)> {
        let services = self
            .services()
            .filter_map(|(id, service)| Some((Peer::Service(id), service.namespace, self.telemetry_of(service)?)));
        let workloads = self.workloads().filter_map(|(id, workload)| {
            Some((Peer::Workload(id), workload.namespace, self.telemetry_of_workload(workload)?))
        });
        let gateways = self
            .gateways()
            .map(|(id, gateway)| (Peer::Gateway(id), gateway.namespace, self.telemetry_of_gateway(gateway)));
        services.chain(workloads).chain(gateways)
    }

    /// Every telemetry that is said: of the mesh, of namespaces, and of what says its own.
    pub fn telemetries(&self) -> impl Iterator<Item = &Telemetry> {
        let namespaces = self.namespaces.iter().map(|namespace| &namespace.telemetry);
        let services = self.services.iter().filter_map(|service| service.telemetry.as_deref());
        let workloads = self.workloads.iter().filter_map(|workload| workload.telemetry.as_deref());
        let gateways = self.gateways.iter().filter_map(|gateway| gateway.telemetry.as_deref());
        std::iter::once(&self.telemetry).chain(namespaces).chain(services).chain(workloads).chain(gateways)
    }

    /// Where metrics are kept if nobody says otherwise.
    pub fn prometheus(&self) -> Decided<ProviderId> {
        let at = self.providers.iter().position(|provider| provider.kind == ProviderKind::Prometheus);
        Decided::built_in(ProviderId(at.and_then(|at| u32::try_from(at).ok()).unwrap_or_default()))
    }

    /// The providers that somebody tells something.
    pub fn used_providers(&self) -> BTreeSet<ProviderId> {
        self.telemetries().flat_map(Telemetry::providers).map(|provider| provider.value).collect()
    }
}
