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
mod fault;
mod from_text;
mod gateway;
pub mod grammar;
mod group;
mod headers;
mod issuer;
mod listen;
mod locality;
mod mesh;
mod mirror;
mod mtls;
mod namespace;
mod narrowing;
mod originate_tls;
mod overlay;
mod peer;
mod platform;
mod ports;
mod profile;
mod rate_limit;
mod resilience;
mod retry;
mod route;
mod scope;
mod selector;
mod service;
mod switch;
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
pub use balance::{Balance, HashKey, HashTable, Method};
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
pub use fault::{Abort, Delay, Fault, FaultSaid};
pub use from_text::BAD_REFERENCE;
pub use gateway::{Edge, Gateway, GatewayKind};
pub use group::Group;
pub use headers::{HeaderChange, HeaderChanges, HeaderEdits, HeadersSaid};
pub use issuer::{ClaimToHeader, Issuer, TokenHeader, TokenPlaces};
pub use listen::{Certificates, Clients, Listen, ListenHost, ListenProtocol, TlsSettings};
pub use locality::{Distribute, Locality};
pub use mesh::{Mesh, PathNormalization, Settings};
pub use mirror::Mirror;
pub use mtls::{Mode, Mtls};
pub use namespace::{Manage, Metadata, Namespace};
pub use narrowing::Conditions;
pub use originate_tls::{Authorities, ClientCertificate, OriginateTls};
pub use overlay::Overlay;
pub use peer::{Peer, Reference};
pub use platform::Platform;
pub use ports::PortNode;
pub use profile::Profile;
pub use rate_limit::RateLimit;
pub use resilience::Resilience;
pub use retry::{Retry, RetrySaid};
pub use route::action::{Action, NewPath, Redirect, Response, Rewrite, SplitShare, TargetName, TargetNode};
pub use route::{Position, Route};
pub use scope::Scope;
pub use selector::Pairs;
pub use service::{Account, Service, Workload};
pub use switch::Switch;
pub use token::{ClaimMatch, RequireToken};
pub use top::{Intent, decode, survey};
pub use versions::{VersionNode, Versions};
pub use waiver::Waiver;
pub use warm_up::WarmUp;
pub use words::{Removal, Words};

use crate::source::Spanned;

/// A part that may be unsaid.
pub type Said<T> = Option<Spanned<T>>;
