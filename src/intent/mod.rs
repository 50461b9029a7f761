//! What the user wrote, typed, with nothing filled in: every part is absent or stands with its place.
//!
//! A file a concept: its type, its decoder and its rows of the grammar table stand together. Input is a
//! [`Document`](crate::syntax::Document) and the [`Scope`] of one environment, whose variables are inserted here and
//! nowhere else; output is an [`Intent`]. It resolves no name and knows no default.

mod access;
mod actions;
mod authorize;
mod authorizer;
mod balance;
mod body;
mod breaker;
mod calls;
mod canary;
mod codes;
mod conditions;
mod connection;
mod cors;
mod data_plane;
mod decode;
mod egress;
mod environment;
mod expose;
mod external;
mod extra;
mod fault;
mod from_text;
mod gateway;
pub mod grammar;
mod group;
mod guard;
mod headers;
mod ignore;
mod issuer;
mod kind;
mod listen;
mod locality;
mod mesh;
mod metrics;
mod mirror;
mod mtls;
mod namespace;
mod narrowing;
mod originate_tls;
mod overlay;
mod patch;
mod peer;
mod platform;
mod ports;
mod profile;
mod provider;
mod proxy;
mod rate_limit;
mod raw;
mod resilience;
mod retry;
mod route;
mod scope;
mod selector;
mod service;
mod switch;
mod telemetry;
mod template;
mod timeout;
mod token;
mod top;
mod versions;
mod waiver;
mod warm_up;
mod words;

pub use access::{Access, AccessMode, Grant, Grants};
pub use actions::Actions;
pub use authorize::Authorize;
pub use authorizer::{Authorizer, AuthorizerProtocol};
pub use balance::{Balance, Method};
pub use body::{Body, Own};
pub use breaker::{Breaker, RetryBudget};
pub use calls::{Callee, Calls};
pub use canary::{Canary, CanaryOwner, CanarySaid, Sticky};
pub use codes::{
    CHOOSE_ONE, CODES, MISPLACED_CONDITION, MISPLACED_NODE, MISSING_ARGUMENT, MISSING_NODE, MISSING_PROPERTY,
    OUT_OF_RANGE, REPEATED, UNKNOWN_ENVIRONMENT, VALUE_SET_TWICE,
};
pub use conditions::{HeaderMatch, Lines, Match, PathMatch, TextMatch};
pub use connection::Connection;
pub use cors::{Cors, CorsOrigins, CorsSaid};
pub use data_plane::{DataPlane, Plane};
pub use egress::{Egress, Unregistered};
pub use environment::Environment;
pub use expose::{Door, Expose};
pub use external::{Endpoint, External, Outside, OutsidePort, Resolution};
pub use extra::{Extra, Setting};
pub use fault::{Abort, Delay, Fault, FaultSaid};
pub use from_text::BAD_REFERENCE;
pub use gateway::{Edge, Gateway, GatewayKind};
pub use group::Group;
pub use guard::Guard;
pub use headers::{HeaderChange, HeaderChanges, HeaderEdits, HeadersSaid};
pub use ignore::{Accept, AcceptedOf, Ignore};
pub use issuer::{ClaimToHeader, Issuer, TokenHeader, TokenPlaces};
pub use kind::Kind;
pub use listen::{Certificates, Clients, Listen, ListenHost, ListenProtocol, TlsSettings};
pub use locality::{Distribute, Locality};
pub use mesh::{Mesh, PathNormalization, Settings};
pub use metrics::{MetricTag, Metrics, Side};
pub use mirror::Mirror;
pub use mtls::{Mode, Mtls};
pub use namespace::{Manage, Metadata, Namespace};
pub use narrowing::Conditions;
pub use originate_tls::{Authorities, ClientCertificate, OriginateTls};
pub use overlay::Overlay;
pub use patch::Patch;
pub use peer::{Peer, Reference};
pub use platform::Platform;
pub use ports::PortNode;
pub use profile::Profile;
pub use provider::{LogFormat, Provider, ProviderKind};
pub use proxy::{Excluded, LogLevel, Passed, Proxy};
pub use rate_limit::RateLimit;
pub use raw::{Raw, RawText, objects};
pub use resilience::Resilience;
pub use retry::{Retry, RetrySaid};
pub use route::action::{Action, NewPath, Redirect, Response, Rewrite, SplitShare, TargetName, TargetNode};
pub use route::{Position, Route};
pub use scope::Scope;
pub use selector::Pairs;
pub use service::{Account, Service, Workload};
pub use switch::Switch;
pub use telemetry::{AccessLog, Logged, TagSource, Telemetry, TraceTag, Tracing};
pub use template::{Holder, Param, Template};
pub use token::{ClaimMatch, RequireToken};
pub use top::{Intent, Members, decode, survey};
pub use versions::{VersionNode, Versions};
pub use waiver::Waiver;
pub use warm_up::WarmUp;
pub use words::{Removal, Words};

use crate::source::Spanned;

/// A part that may be unsaid.
pub type Said<T> = Option<Spanned<T>>;

/// A part that is seldom said, among many like it: one word where it is not.
pub type Seldom<T> = Option<Box<Spanned<T>>>;
