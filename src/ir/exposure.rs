use super::{GatewayId, Retry, TokenRule, Waiver};
use crate::source::{Decided, Origin, Spanned};
use crate::value::{self, Cidr, Duration, HostPattern, Method, Path};

/// Where a service is open to the outside.
#[derive(Clone, Debug)]
pub struct Exposure {
    /// Through which gateway.
    pub gateway: GatewayId,
    /// Under which host.
    pub host: Decided<HostPattern>,
    /// On which paths; never empty.
    pub paths: Vec<Spanned<Path>>,
    /// To which port of the service.
    pub port: value::Port,
    /// By which methods; empty: any.
    pub methods: Vec<Method>,
    /// From which addresses; empty: any.
    pub from: Vec<Cidr>,
    /// How long these requests may take.
    pub timeout: Option<Decided<Duration>>,
    /// How often these requests are tried again.
    pub retry: Retry,
    /// The tokens that these requests must show.
    pub tokens: Vec<TokenRule>,
    /// Who said it.
    pub origin: Origin,
    /// Why, and until when.
    pub waiver: Option<Box<Waiver>>,
}
