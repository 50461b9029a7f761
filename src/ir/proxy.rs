use super::{Gateway, Mesh, Service, Waiver, Workload};
use crate::source::{Decided, Layer, Origin};
use crate::value::{Cidr, Duration, Port, Quantity, VariableName};
use smol_str::SmolStr;
use std::collections::BTreeMap;

/// How the proxies of pods run; what nobody says is absent.
#[derive(Clone, Debug, Default)]
pub struct Proxy {
    /// What it may use.
    pub resources: Resources,
    /// How many threads it has; 0: one each processor.
    pub concurrency: Option<Decided<u32>>,
    /// What it tells of itself.
    pub log_level: Option<Decided<&'static str>>,
    /// Whether the application waits for it.
    pub hold_application: Option<Decided<bool>>,
    /// How long it finishes what it began.
    pub drain: Option<Decided<Duration>>,
    /// Ports of the pod that pass it by.
    pub exclude_inbound: Option<Decided<Vec<Port>>>,
    /// Why they do.
    pub inbound_waiver: Option<Box<Waiver>>,
    /// Ports and addresses to which connections pass it by.
    pub exclude_outbound: Option<Decided<Vec<Passed>>>,
    /// Why they do.
    pub outbound_waiver: Option<Box<Waiver>>,
    /// Its environment.
    pub variables: BTreeMap<VariableName, Decided<SmolStr>>,
}

/// What a proxy may use.
#[derive(Clone, Debug, Default)]
pub struct Resources {
    /// What of a processor is kept for it.
    pub cpu: Option<Decided<Quantity>>,
    /// What memory is kept for it.
    pub memory: Option<Decided<Quantity>>,
    /// What of a processor it may use.
    pub cpu_limit: Option<Decided<Quantity>>,
    /// Beyond which memory it is killed.
    pub memory_limit: Option<Decided<Quantity>>,
}

/// Connections that pass a proxy by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Passed {
    /// To this port.
    Port(Port),
    /// To these addresses.
    Range(Cidr),
}

impl Resources {
    /// What a proxy has where nobody says it: of a processor and at most, of memory and at most. It is what the charts
    /// say, and what a pod that says one of them loses of the others.
    pub const UNSAID: [&'static str; 4] = ["100m", "2000m", "128Mi", "1024Mi"];
}

impl Proxy {
    /// The waivers of what passes it by.
    pub fn waivers(&self) -> impl Iterator<Item = &Waiver> {
        self.inbound_waiver.as_deref().into_iter().chain(self.outbound_waiver.as_deref())
    }

    /// The words that are said, by whom each is.
    pub fn words(&self) -> Vec<(&'static str, Origin)> {
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
        } = self;
        let words = [
            ("cpu", cpu.as_ref().map(|said| said.origin)),
            ("memory", memory.as_ref().map(|said| said.origin)),
            ("cpu-limit", cpu_limit.as_ref().map(|said| said.origin)),
            ("memory-limit", memory_limit.as_ref().map(|said| said.origin)),
            ("concurrency", concurrency.as_ref().map(|said| said.origin)),
            ("log-level", log_level.as_ref().map(|said| said.origin)),
            ("hold-application", hold_application.as_ref().map(|said| said.origin)),
            ("drain", drain.as_ref().map(|said| said.origin)),
            ("exclude-inbound", exclude_inbound.as_ref().map(|said| said.origin)),
            ("exclude-outbound", exclude_outbound.as_ref().map(|said| said.origin)),
            ("env", variables.values().next().map(|said| said.origin)),
        ];
        words.into_iter().filter_map(|(word, origin)| Some((word, origin?))).collect()
    }
}

impl Mesh {
    /// How the proxies of a service run; nothing where its pods have none of their own.
    pub fn proxy_of<'m>(&'m self, service: &'m Service) -> Option<&'m Proxy> {
        let own = service.proxy.as_deref().unwrap_or(&self.namespace(service.namespace).proxy);
        service.data_plane.is_per_pod().then_some(own)
    }

    /// How the proxies of a workload run; nothing where its pods have none of their own.
    pub fn proxy_of_workload<'m>(&'m self, workload: &'m Workload) -> Option<&'m Proxy> {
        let own = workload.proxy.as_deref().unwrap_or(&self.namespace(workload.namespace).proxy);
        workload.data_plane.is_per_pod().then_some(own)
    }

    /// How a gateway runs. What the mesh says of proxies beside applications is not for it: what they may use, that
    /// applications wait for them, and what passes them by.
    pub fn proxy_of_gateway(&self, gateway: &Gateway) -> Proxy {
        let said = gateway.proxy.as_deref().unwrap_or(&self.namespace(gateway.namespace).proxy).clone();
        let Resources { cpu, memory, cpu_limit, memory_limit } = said.resources;
        let own = |quantity: Option<Decided<Quantity>>| quantity.filter(|it| it.origin.layer > Layer::MeshOverlay);
        Proxy {
            resources: Resources {
                cpu: own(cpu),
                memory: own(memory),
                cpu_limit: own(cpu_limit),
                memory_limit: own(memory_limit),
            },
            hold_application: None,
            exclude_inbound: None,
            inbound_waiver: None,
            exclude_outbound: None,
            outbound_waiver: None,
            ..said
        }
    }

    /// Everything that is said of proxies: of the mesh, of namespaces, and of what says its own.
    pub fn proxies(&self) -> impl Iterator<Item = &Proxy> {
        let namespaces = self.namespaces.iter().map(|namespace| &namespace.proxy);
        let services = self.services.iter().filter_map(|service| service.proxy.as_deref());
        let workloads = self.workloads.iter().filter_map(|workload| workload.proxy.as_deref());
        let gateways = self.gateways.iter().filter_map(|gateway| gateway.proxy.as_deref());
        std::iter::once(&self.proxy).chain(namespaces).chain(services).chain(workloads).chain(gateways)
    }
}

impl std::fmt::Display for Passed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Passed::Port(port) => write!(f, "{port}"),
            Passed::Range(range) => write!(f, "{range}"),
        }
    }
}
