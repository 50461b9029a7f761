use super::{AuthorizerId, Conditions, ServiceId, Waiver};
use crate::source::{Decided, Origin};
use crate::value::{self, Duration, HeaderName, Path};
use smol_str::SmolStr;

/// What an authorizer speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuthorizerProtocol {
    /// It is asked with the request itself.
    Http,
    /// It speaks Envoy's protocol.
    Grpc,
}

/// A service that is asked whether requests may pass.
#[derive(Debug)]
pub struct Authorizer {
    /// Its name.
    pub name: SmolStr,
    /// What it speaks.
    pub protocol: Decided<AuthorizerProtocol>,
    /// The service.
    pub service: Decided<ServiceId>,
    /// The port of that service.
    pub port: Decided<value::Port>,
    /// How long it may take.
    pub timeout: Decided<Duration>,
    /// Whether requests pass where it does not answer.
    pub fail_open: Decided<bool>,
    /// Why, and until when.
    pub waiver: Option<Box<Waiver>>,
    /// What stands before the path of the request that it is asked with.
    pub path_prefix: Option<Decided<Path>>,
    /// Headers that it sees.
    pub send_headers: Vec<HeaderName>,
    /// How much of the body it sees, in bytes.
    pub send_body: Option<Decided<u32>>,
    /// Headers of its answer that the service gets.
    pub pass_headers: Vec<HeaderName>,
    /// Headers of its answer that the caller gets.
    pub return_headers: Vec<HeaderName>,
}

/// That a service asks an authorizer.
#[derive(Clone, Debug)]
pub struct Ask {
    /// Whom.
    pub authorizer: AuthorizerId,
    /// About which requests.
    pub conditions: Conditions,
    /// Who said it.
    pub origin: Origin,
}
