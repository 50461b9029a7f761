use super::{DataPlane, Defaults, Egress, Mtls, Proxy, Telemetry, Waiver};
use crate::source::{Decided, Origin};
use smol_str::SmolStr;

/// How much of a namespace is ours to write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Managed {
    /// The namespace and all in it.
    All,
    /// What is in it.
    Contents,
    /// Nothing: its name is known.
    Nothing,
}

/// A namespace.
#[derive(Debug)]
pub struct Namespace {
    /// Its name.
    pub name: SmolStr,
    /// Where it is declared.
    pub origin: Origin,
    /// How much of it is ours.
    pub managed: Decided<Managed>,
    /// Labels of the namespace itself, by key.
    pub labels: Vec<(SmolStr, Decided<SmolStr>)>,
    /// Annotations of the namespace itself, by key.
    pub annotations: Vec<(SmolStr, Decided<SmolStr>)>,
    /// How its pods join the mesh, unless a service says otherwise.
    pub data_plane: DataPlane,
    /// How its ports treat callers without a certificate, unless its services say otherwise.
    pub mtls: Mtls,
    /// What may leave its pods besides what is called, unless its services say otherwise.
    pub egress: Egress,
    /// What the proxies in it tell, unless what stands in it says otherwise.
    pub telemetry: Telemetry,
    /// How the proxies in it run, unless what stands in it says otherwise.
    pub proxy: Proxy,
    /// What is said of its services, unless they say otherwise.
    pub defaults: Box<Defaults>,
    /// Whether the network is closed by default in it.
    pub network_policy: bool,
    /// Why it may not be.
    pub network_waiver: Option<Box<Waiver>>,
}
