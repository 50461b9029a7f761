use super::access::{Access, Grants};
use super::actions::Actions;
use super::authorize::Authorize;
use super::calls::Calls;
use super::data_plane::DataPlane;
use super::egress::Egress;
use super::extra::Extra;
use super::mtls::Mtls;
use super::proxy::Proxy;
use super::resilience::Resilience;
use super::retry::RetrySaid;
use super::telemetry::Telemetry;
use super::token::RequireToken;
use super::waiver::Waiver;
use super::{Said, Switch};
use crate::source::Spanned;
use crate::value::Duration;
use smol_str::SmolStr;
use thin_vec::ThinVec;

/// The words that also stand in `mesh`, `namespace` and `profile`, as defaults of services.
#[derive(Clone, Debug, Default)]
pub struct Words {
    /// `use`: profiles in order.
    pub uses: Said<Vec<Spanned<SmolStr>>>,
    /// `timeout`.
    pub timeout: Said<Switch<Duration>>,
    /// `retry`.
    pub retry: Option<RetrySaid>,
    /// What else is done to requests.
    pub actions: Option<Box<Actions>>,
    /// `breaker`, `connection`, `balance`, `locality` and `warm-up`.
    pub resilience: Option<Box<Resilience>>,
    /// `data-plane`.
    pub data_plane: Option<Box<Spanned<DataPlane>>>,
    /// `mtls`.
    pub mtls: Option<Mtls>,
    /// `network-policy`.
    pub network_policy: Option<(Spanned<bool>, Option<Box<Waiver>>)>,
    /// `access`.
    pub access: Option<Box<Access>>,
    /// `allow`.
    pub allow: Grants,
    /// `deny`.
    pub deny: Grants,
    /// `require-token`.
    pub tokens: ThinVec<RequireToken>,
    /// `authorize`.
    pub authorize: ThinVec<Authorize>,
    /// `calls`.
    pub calls: Vec<Calls>,
    /// `egress`.
    pub egress: Option<Egress>,
    /// `extra`.
    pub extras: Option<Box<Vec<Extra>>>,
    /// `telemetry`.
    pub telemetry: Option<Box<Telemetry>>,
    /// `proxy`.
    pub proxy: Option<Box<Proxy>>,
    /// `-word KEY`.
    pub removals: ThinVec<Removal>,
}

impl Words {
    /// Whether they say anything besides `use`.
    pub(super) fn say_something(&self) -> bool {
        let Words {
            uses: _,
            timeout,
            retry,
            actions,
            resilience,
            data_plane,
            mtls,
            network_policy,
            access,
            allow,
            deny,
            tokens,
            authorize,
            calls,
            egress,
            extras,
            telemetry,
            proxy,
            removals,
        } = self;
        let traffic = timeout.is_some() || retry.is_some() || actions.is_some() || resilience.is_some();
        let one = traffic || data_plane.is_some() || mtls.is_some() || network_policy.is_some();
        let of_access = access.is_some() || !allow.is_empty() || !deny.is_empty();
        let asks = !tokens.is_empty() || !authorize.is_empty();
        let goes_out = egress.is_some() || !calls.is_empty() || extras.is_some();
        let of_proxies = telemetry.is_some() || proxy.is_some();
        one || of_access || asks || goes_out || of_proxies || !removals.is_empty()
    }
}

/// `-word KEY`: what weaker layers collected under this key goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Removal {
    /// The word, without its `-`.
    pub word: &'static str,
    /// The key, as it is written.
    pub key: Spanned<SmolStr>,
}
