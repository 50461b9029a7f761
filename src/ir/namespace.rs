use super::{Labels, Mtls};
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
    /// Labels of the namespace itself.
    pub labels: Decided<Labels>,
    /// Annotations of the namespace itself.
    pub annotations: Decided<Labels>,
    /// How its ports treat callers without a certificate, unless its services say otherwise.
    pub mtls: Mtls,
    /// Whether the network is closed by default in it.
    pub network_policy: bool,
}
