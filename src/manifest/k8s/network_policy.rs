use crate::manifest::Traced;
use crate::manifest::istio::Selector;
use serde::Serialize;
use serde::ser::{SerializeStruct, Serializer};
use smol_str::SmolStr;

/// Which connections the network lets through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NetworkPolicy {
    /// Whose; empty: all of the namespace.
    pub pod_selector: Selector,
    /// Which directions it closes.
    pub policy_types: Vec<PolicyType>,
    /// What may come in: one entry a peer, so that ports never mix.
    pub ingress: Vec<Traced<NetworkRule>>,
    /// What may go out.
    pub egress: Vec<Traced<NetworkRule>>,
}

/// A direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum PolicyType {
    /// In.
    Ingress,
    /// Out.
    Egress,
}

/// Peers and ports.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct NetworkRule {
    /// The other side; empty: everyone.
    pub peers: Vec<NetworkPeer>,
    /// The ports of the pods; empty: all.
    pub ports: Vec<NetworkPort>,
}

/// The other side of a connection.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NetworkPeer {
    /// Its namespace.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub namespace_selector: Option<Selector>,
    /// Its pods; all of the namespace where this is absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pod_selector: Option<Selector>,
    /// Its addresses.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ip_block: Option<IpBlock>,
}

/// Addresses.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct IpBlock {
    /// The range.
    pub cidr: SmolStr,
}

/// A port of a pod.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct NetworkPort {
    /// The number.
    pub port: u16,
    /// The protocol.
    pub protocol: NetworkProtocol,
}

/// What carries it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum NetworkProtocol {
    /// TCP.
    Tcp,
    /// UDP.
    Udp,
}

/// A rule, whose peers are called `from` or `to` by its direction.
struct Directed<'a>(&'static str, &'a NetworkRule);

impl Serialize for Directed<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Directed(direction, NetworkRule { peers, ports }) = self;
        let mut rule = serializer.serialize_struct("NetworkRule", 2)?;
        if !peers.is_empty() {
            rule.serialize_field(direction, peers)?;
        }
        if !ports.is_empty() {
            rule.serialize_field("ports", ports)?;
        }
        rule.end()
    }
}

/// The rules of one direction.
struct Rules<'a>(&'static str, &'a [Traced<NetworkRule>]);

impl Serialize for Rules<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let rules = self.1.iter().map(|rule| Traced { value: Directed(self.0, &rule.value), origin: rule.origin });
        serializer.collect_seq(rules)
    }
}

impl Serialize for NetworkPolicy {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let NetworkPolicy { pod_selector, policy_types, ingress, egress } = self;
        let mut policy = serializer.serialize_struct("NetworkPolicy", 4)?;
        policy.serialize_field("podSelector", pod_selector)?;
        policy.serialize_field("policyTypes", policy_types)?;
        if !ingress.is_empty() {
            policy.serialize_field("ingress", &Rules("from", ingress))?;
        }
        if !egress.is_empty() {
            policy.serialize_field("egress", &Rules("to", egress))?;
        }
        policy.end()
    }
}
