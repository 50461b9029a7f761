//! Kinds of Istio, with the fields that are written; a file a kind.

mod authorization_policy;
mod client_tls;
mod destination_rule;
mod envoy_filter;
mod gateway;
mod http_action;
mod load_balancer;
mod peer_authentication;
mod proxy_config;
mod request_authentication;
mod selector;
mod service_entry;
mod sidecar;
mod telemetry;
mod virtual_service;

pub use authorization_policy::{Action, AuthorizationPolicy, From, Operation, Provider, Rule, Source, To, When};
pub use client_tls::{ClientTls, ClientTlsMode};
pub use destination_rule::{
    ConnectionPool, DestinationRule, Http2KeepAlive, HttpPool, OutlierDetection, PortPolicy, RetryBudget, Subset,
    TcpKeepalive, TcpPool, TrafficPolicy,
};
pub use envoy_filter::{
    ConfigPatch, Descriptor, DescriptorEntry, EnvoyFilter, FilterChain, HeaderMatcher, HeaderTest, HeaderValueMatch,
    ListenerPlace, LocalRateLimit, NetworkFilter, Patch, PatchPlace, PatchValue, RequestAction, RequestName,
    RoutePlace, RuntimeShare, Share, StringTest, SubFilter, TokenBucket, VirtualHost,
};
pub use gateway::{Gateway, Server, ServerPort, ServerTls, TlsMode};
pub use http_action::{
    CorsPolicy, FaultAbort, FaultDelay, FractionalPercent, HeaderOperations, Headers, HttpFaultInjection, PercentValue,
    UnmatchedPreflights,
};
pub use load_balancer::{
    ConsistentHash, Distribute, Failover, HttpCookie, LoadBalancer, LocalityLb, Maglev, RingHash, Warmup,
};
pub use peer_authentication::{Mode, MutualTls, PeerAuthentication};
pub use proxy_config::ProxyConfig;
pub use request_authentication::{ClaimToHeader, FromHeader, JwtRule, RequestAuthentication};
pub use selector::Selector;
pub use service_entry::{Endpoint, EntryPort, Location, Resolution, ServiceEntry};
pub use sidecar::{Egress, OutboundMode, OutboundTrafficPolicy, Sidecar, WorkloadSelector};
pub use telemetry::{
    AccessLogging, CustomTag, LogFilter, MetricSelector, Metrics, MetricsOverride, NamedTag, ProviderRef, TagOverride,
    Telemetry, Tracing,
};
pub use virtual_service::{
    Destination, DirectResponse, HttpMatch, HttpMirror, HttpRoute, PortNumber, Redirect, RegexRewrite, ResponseBody,
    Retries, Rewrite, RouteDestination, StringMatch, TcpMatch, TcpRoute, TlsMatch, TlsRoute, VirtualService,
};
