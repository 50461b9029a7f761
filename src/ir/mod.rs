//! The whole mesh of one environment, closed and with every reference resolved; each value knows who decided it.
//!
//! It has no word of KDL and none of Istio: `resolve` fills it, `check` judges it, `lower` turns it into objects, and a
//! new target changes nothing here. Ids are places in the mesh's own lists and are valid by construction.

mod access;
mod action_facts;
mod actions;
mod admission;
mod authorizer;
mod balance;
mod breaker;
mod carried;
mod connection;
mod data_plane;
mod defaults;
mod exposure;
pub mod expression;
mod external;
mod extra;
mod fact;
mod gateway;
mod guard;
pub mod how;
mod identity;
mod ignore;
mod issuer;
mod joined;
mod locality;
mod mesh;
mod mirror;
mod namespace;
mod outgoing;
mod provider;
mod proxy;
mod rate_limit;
mod request;
mod resilience;
mod retained;
mod route;
mod seen;
mod service;
mod sticky;
mod telemetry;
mod thing;
mod token;
mod traffic;

pub use access::{
    AccessMode, Call, Callee, Caller, Collective, Conditions, Denial, Grant, Group, HeaderCondition, Narrowing, Peer,
    Waiver, Wanted,
};
pub use actions::{Abort, AbortStatus, Actions, Cors, Delay, Fault, HeaderChanges, HeaderEdits};
pub use admission::Admission;
pub use authorizer::{Ask, Authorizer, AuthorizerProtocol};
pub use balance::{Balance, Hash};
pub use breaker::{Breaker, RetryBudget};
pub use carried::{Carried, CarriedBy, Patch};
pub use connection::{Connection, Http2Keepalive};
pub use data_plane::{DataPlane, Plane};
pub use defaults::Defaults;
pub use exposure::{Door, Exposure};
pub use external::{Authorities, ClientCertificate, Endpoint, External, OriginateTls, OutsidePort, Resolution};
pub use extra::Extra;
pub use fact::{
    Fact, Unfit, authorizer_facts, external_facts, facts, gateway_facts, group_facts, guard_facts, issuer_facts,
    mesh_facts, namespace_facts, workload_facts,
};
pub use gateway::{ClientCertificates, Gateway, GatewayKind, Listener, ListenerProtocol, ServedHost, Tls};
pub use guard::Guard;
pub use identity::Account;
pub use ignore::{Accept, Accepted, Ignore};
pub use issuer::{Issuer, Keys, TokenHeader, TokenPlaces};
pub use joined::Joined;
pub use locality::{Distribute, Failover, Locality};
pub use mesh::{
    AuthorizerId, Environment, ExternalId, GatewayId, GroupId, IssuerId, Mesh, NamespaceId, PathNormalization,
    ProviderId, ServiceId, WorkloadId,
};
pub use mirror::Mirror;
pub use namespace::{Managed, Namespace};
pub use outgoing::Outgoing;
pub use provider::{Provider, ProviderKind, Signal, Sink};
pub use proxy::{Passed, Proxy, Resources};
pub use rate_limit::RateLimit;
pub use request::{Lines, Paths, Predicate, RequestMatch};
pub use resilience::{Resilience, WarmUp};
pub use route::{Action, Destination, Handling, NewPath, Redirect, Response, Rewrite, Route, RouteShare, Target};
pub use service::{Egress, Labels, Mtls, MtlsMode, Port, Service, Version, Workload};
pub use telemetry::{AccessLog, Logged, MetricKey, Metrics, Reported, Side, TagSource, Telemetry, Tracing};
pub use thing::{Kind, Thing};
pub use token::{Claim, Readers, Signer, Token, TokenRule};
pub use traffic::{Canary, CanaryOwner, Retries, Retry, Share, Sticky};

use resilience::part;
