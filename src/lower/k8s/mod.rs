//! Kinds of Kubernetes itself; a file a kind, or a use of a kind where it has several.

pub(super) mod default_deny;
pub(super) mod namespace;
pub(super) mod network_policy;
pub(super) mod network_rule;
pub(super) mod outside_network;
