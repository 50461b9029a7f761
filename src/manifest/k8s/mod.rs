//! Kinds of Kubernetes itself, with the fields that are written; a file a kind.

mod network_policy;

pub use network_policy::{IpBlock, NetworkPeer, NetworkPolicy, NetworkPort, NetworkProtocol, NetworkRule, PolicyType};
