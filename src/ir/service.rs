use super::{
    AccessMode, Account, Actions, Ask, Call, Canary, Conditions, DataPlane, Denial, Exposure, Grant, Mirror,
    NamespaceId, Proxy, RateLimit, Resilience, Retry, Route, Telemetry, TokenRule, Unfit, Waiver,
};
use crate::source::{Decided, Origin};
use crate::value::{self, Duration, Protocol};
use smol_str::SmolStr;
use thin_vec::ThinVec;

/// Labels or annotations, sorted by key.
pub type Labels = Vec<(SmolStr, SmolStr)>;

/// How a port treats callers without a certificate of the mesh.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MtlsMode {
    /// Refuses them.
    Strict,
    /// Takes both.
    Permissive,
    /// Speaks plain text alone.
    Disabled,
}

/// An [`MtlsMode`], who decided it, and why it may differ.
#[derive(Clone, Debug)]
pub struct Mtls {
    /// The mode.
    pub mode: Decided<MtlsMode>,
    /// Why, and until when.
    pub waiver: Option<Box<Waiver>>,
}

/// What may leave besides what is called.
#[derive(Clone, Debug)]
pub struct Egress {
    /// Whether whatever is dialled outside may.
    pub is_open: Decided<bool>,
    /// Why, and until when.
    pub waiver: Option<Box<Waiver>>,
}

/// Something that can be called.
#[derive(Debug)]
pub struct Service {
    /// Its name.
    pub name: SmolStr,
    /// Its namespace.
    pub namespace: NamespaceId,
    /// Where it is declared.
    pub origin: Origin,
    /// What its pods run under.
    pub account: Account,
    /// The labels of its pods.
    pub selector: Decided<Labels>,
    /// How its pods join the mesh.
    pub data_plane: DataPlane,
    /// Its ports, by number.
    pub ports: Vec<Port>,
    /// Its versions, the stable one first.
    pub versions: Vec<Version>,
    /// Versions that are no longer said, and are kept until no proxy routes to them.
    pub retained: ThinVec<Version>,
    /// The share of a version that is tried out.
    pub canary: Option<Box<Canary>>,
    /// What becomes of requests of a kind: the first that matches wins, and the rest has the default target.
    pub routes: ThinVec<Route>,
    /// Who else gets copies of requests.
    pub mirrors: Vec<Mirror>,
    /// How long a request may take.
    pub timeout: Option<Decided<Duration>>,
    /// How often a request is tried again.
    pub retry: Retry,
    /// What else is done to requests.
    pub actions: Option<Box<Actions>>,
    /// How callers treat its pods.
    pub resilience: Resilience,
    /// How many requests each of its pods takes; by name.
    pub rate_limits: ThinVec<RateLimit>,
    /// How its ports treat callers without a certificate, unless a port says otherwise.
    pub mtls: Mtls,
    /// Whether what follows is enforced.
    pub access: Decided<AccessMode>,
    /// Why it may not be.
    pub access_waiver: Option<Box<Waiver>>,
    /// Who may call.
    pub grants: Vec<Grant>,
    /// Who may not.
    pub denials: Vec<Denial>,
    /// The tokens that requests must show, whoever calls.
    pub tokens: ThinVec<TokenRule>,
    /// Who is asked about its requests, by authorizer.
    pub asks: ThinVec<Ask>,
    /// Where it is open to the outside.
    pub exposures: ThinVec<Exposure>,
    /// What it calls.
    pub calls: Vec<Call>,
    /// What else may leave.
    pub egress: Egress,
    /// Whether the network holds the same line.
    pub network_policy: Decided<bool>,
    /// Why the network may not.
    pub network_waiver: Option<Box<Waiver>>,
    /// What its proxies tell, where it says something of its own; else what its namespace says.
    pub telemetry: Option<Box<Telemetry>>,
    /// How its proxies run, where it says something of its own; else what its namespace says.
    pub proxy: Option<Box<Proxy>>,
    /// Defaults that it cannot honour, which do not hold of it.
    pub unfit: ThinVec<Unfit>,
}

/// A port of a service.
#[derive(Clone, Debug)]
pub struct Port {
    /// Its number on the service.
    pub number: Decided<value::Port>,
    /// What it speaks.
    pub protocol: Protocol,
    /// Its name.
    pub name: Decided<SmolStr>,
    /// Its number on the pods.
    pub target: Decided<value::Port>,
    /// How it treats callers without a certificate, where it differs from the service.
    pub mtls: Option<Mtls>,
    /// How callers treat it, all of the service's included, where it differs from the service.
    pub resilience: Option<Box<Resilience>>,
}

/// A version of a service.
#[derive(Clone, Debug)]
pub struct Version {
    /// Its name.
    pub name: Decided<SmolStr>,
    /// The labels of its pods, beside those of the service.
    pub selector: Decided<Labels>,
    /// How callers treat it, all of the service's included, where it differs from the service.
    pub resilience: Option<Box<Resilience>>,
}

/// Something that only calls.
#[derive(Debug)]
pub struct Workload {
    /// Its name.
    pub name: SmolStr,
    /// Its namespace.
    pub namespace: NamespaceId,
    /// Where it is declared.
    pub origin: Origin,
    /// What its pods run under.
    pub account: Account,
    /// The labels of its pods.
    pub selector: Decided<Labels>,
    /// How its pods join the mesh.
    pub data_plane: DataPlane,
    /// What it calls.
    pub calls: Vec<Call>,
    /// What else may leave.
    pub egress: Egress,
    /// Whether the network holds the same line.
    pub network_policy: Decided<bool>,
    /// Why the network may not.
    pub network_waiver: Option<Box<Waiver>>,
    /// What its proxies tell, where it says something of its own; else what its namespace says.
    pub telemetry: Option<Box<Telemetry>>,
    /// How its proxies run, where it says something of its own; else what its namespace says.
    pub proxy: Option<Box<Proxy>>,
}

impl Service {
    /// The port of this number.
    pub fn port(&self, number: value::Port) -> Option<&Port> {
        self.ports.iter().find(|port| port.number.value == number)
    }

    /// The ports whose traffic is requests.
    pub fn http_ports(&self) -> impl Iterator<Item = &Port> {
        self.ports.iter().filter(|port| port.is_http())
    }

    /// The ports that a grant or denial touches: those it names, or all; with a condition about requests the HTTP ports
    /// alone, since on others Istio drops the condition: a grant would vanish, and a denial close the port whole.
    pub fn touched<'s>(&'s self, conditions: &'s Conditions) -> impl Iterator<Item = &'s Port> {
        let is_about_requests = conditions.is_about_requests();
        let meant = self.ports.iter().filter(|port| conditions.holds_port(port.number.value));
        meant.filter(move |port| port.is_http() || !is_about_requests)
    }

    /// Whether its grants and denials are counted alone, while all are let in.
    pub fn is_audited(&self) -> bool {
        self.access.value == AccessMode::Audit
    }

    /// How one of its ports treats callers without a certificate.
    pub fn port_mtls<'s>(&'s self, port: &'s Port) -> &'s Mtls {
        port.mtls.as_ref().unwrap_or(&self.mtls)
    }
}

impl Port {
    /// Whether its traffic is requests.
    pub fn is_http(&self) -> bool {
        self.protocol.kind() == value::ProtocolKind::Http
    }
}
