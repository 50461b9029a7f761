use crate::manifest::Traced;
use serde::{Serialize, Serializer};
use smol_str::SmolStr;

/// Something outside of the mesh that proxies know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ServiceEntry {
    /// Its names.
    pub hosts: Vec<Traced<SmolStr>>,
    /// The addresses by which it is called.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub addresses: Vec<Traced<SmolStr>>,
    /// The namespaces that see it.
    pub export_to: Vec<SmolStr>,
    /// Whether it is part of the mesh.
    pub location: Location,
    /// How an address is found.
    pub resolution: Traced<Resolution>,
    /// Its ports.
    pub ports: Vec<Traced<EntryPort>>,
    /// The addresses that are dialled.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub endpoints: Vec<Traced<Endpoint>>,
}

/// Whether something is part of the mesh.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Location {
    /// It is not.
    MeshExternal,
}

/// How an address is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Resolution {
    /// The one that the caller dialled.
    None,
    /// Those of the endpoints.
    Static,
    /// By its name, all at once.
    Dns,
    /// By its name, one at a time.
    DnsRoundRobin,
    /// By the name that is asked for.
    DynamicDns,
}

/// A port of a `ServiceEntry`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EntryPort {
    /// The number that callers use.
    pub number: Traced<u16>,
    /// The name, unique in the entry.
    pub name: Traced<SmolStr>,
    /// What is spoken.
    pub protocol: &'static str,
    /// The number that is dialled, where it is another.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target_port: Option<Traced<u16>>,
}

/// An address that is dialled.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Endpoint {
    /// The address.
    pub address: SmolStr,
    /// The number that is dialled there, by the names of ports.
    #[serde(skip_serializing_if = "Vec::is_empty", serialize_with = "ports")]
    pub ports: Vec<(SmolStr, u16)>,
    /// Its labels.
    #[serde(skip_serializing_if = "Vec::is_empty", serialize_with = "labels")]
    pub labels: Vec<(SmolStr, SmolStr)>,
    /// Its region, zone and part of that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locality: Option<SmolStr>,
    /// Its share beside the others.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weight: Option<u32>,
}

fn labels<S: Serializer>(labels: &[(SmolStr, SmolStr)], serializer: S) -> Result<S::Ok, S::Error> {
    crate::manifest::object::pairs(labels, serializer)
}

fn ports<S: Serializer>(ports: &[(SmolStr, u16)], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(ports.iter().map(|(name, number)| (name, number)))
}
