use super::NamespaceId;
use crate::source::{Decided, Origin};
use crate::value::{self, Cidr, HostPattern, Protocol, ProtocolKind};
use smol_str::SmolStr;

/// Something outside of the mesh that is called.
#[derive(Debug)]
pub struct External {
    /// Its name.
    pub name: SmolStr,
    /// Its namespace; none: it is the whole mesh's.
    pub namespace: Option<NamespaceId>,
    /// Where it is declared.
    pub origin: Origin,
    /// The names under which it is called; never empty.
    pub hosts: Vec<Decided<HostPattern>>,
    /// The ports by which it is called, by number; never empty.
    pub ports: Vec<OutsidePort>,
    /// Addresses by which it is called.
    pub addresses: Vec<Decided<Cidr>>,
    /// How an address is found.
    pub resolution: Decided<Resolution>,
}

/// How the address of something outside is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resolution {
    /// The one that the caller dialled.
    None,
    /// Those that are said.
    Static,
    /// By its name, all at once.
    Dns,
}

/// A port of something outside.
#[derive(Clone, Debug)]
pub struct OutsidePort {
    /// Its number, as callers use it.
    pub number: Decided<value::Port>,
    /// What callers speak.
    pub protocol: Protocol,
    /// Its name.
    pub name: Decided<SmolStr>,
    /// The number that is dialled.
    pub target: Decided<value::Port>,
}

impl External {
    /// The port of this number.
    pub fn port(&self, number: value::Port) -> Option<&OutsidePort> {
        self.ports.iter().find(|port| port.number.value == number)
    }

    /// The ports whose traffic is requests.
    pub fn http_ports(&self) -> impl Iterator<Item = &OutsidePort> {
        self.ports.iter().filter(|port| port.kind() == ProtocolKind::Http)
    }
}

impl OutsidePort {
    /// What can be said of its traffic.
    pub fn kind(&self) -> ProtocolKind {
        self.protocol.kind()
    }
}
