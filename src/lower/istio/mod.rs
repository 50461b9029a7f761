//! Kinds of Istio; a file a kind, or a use of a kind where it has several.

mod actions;
pub(super) mod allow_nothing;
mod breaker;
mod connection_pool;
mod cors;
pub(super) mod denial;
pub(super) mod destination_rule;
mod fault;
pub(super) mod gateway;
pub(super) mod gateway_policy;
pub(super) mod gateway_routes;
pub(super) mod grant;
mod headers;
mod load_balancer;
mod operation;
pub(super) mod peer_authentication;
mod request;
pub(super) mod request_authentication;
mod retries;
mod routes;
pub(super) mod service_entry;
pub(super) mod sidecar;
mod source;
pub(super) mod token;
mod token_at_door;
mod traffic_policy;
pub(super) mod virtual_service;
