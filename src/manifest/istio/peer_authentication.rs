use super::Selector;
use crate::manifest::Traced;
use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

/// How ports treat callers without a certificate of the mesh.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PeerAuthentication {
    /// Whose ports; none: all of the namespace, or of the mesh in the root namespace.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub selector: Option<Selector>,
    /// All ports but those named below.
    pub mtls: MutualTls,
    /// Single ports, by the number that the pods listen on.
    #[serde(skip_serializing_if = "Vec::is_empty", serialize_with = "by_port")]
    pub port_level_mtls: Vec<(u16, MutualTls)>,
}

/// A mode.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MutualTls {
    /// The mode; always written, never inherited.
    pub mode: Traced<Mode>,
}

/// How a port treats callers without a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Mode {
    /// Refuses them.
    Strict,
    /// Takes both.
    Permissive,
    /// Speaks plain text alone.
    Disable,
}

fn by_port<S: Serializer>(ports: &[(u16, MutualTls)], serializer: S) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(ports.len()))?;
    for (port, mtls) in ports {
        map.serialize_entry(&port.to_string(), mtls)?;
    }
    map.end()
}
