use super::RequestMatch;
use crate::source::{Decided, Origin};
use crate::value::{Duration, HeaderName, Percent};
use smol_str::SmolStr;

/// A version that is tried out.
#[derive(Clone, Debug)]
pub struct Canary {
    /// Which version, by its place in the service's list.
    pub candidate: Decided<usize>,
    /// Which version has the rest.
    pub stable: Decided<usize>,
    /// The candidate's share.
    pub percent: Decided<Percent>,
    /// Requests that always reach the candidate: any of these.
    pub matches: Vec<RequestMatch>,
    /// The shares of a roll-out, rising.
    pub steps: Vec<Decided<Percent>>,
    /// How clients stay with the version that they had first; none: each request is drawn anew.
    pub sticky: Option<Box<Sticky>>,
    /// Who else decides the shares; none: the percent.
    pub owner: Option<Decided<CanaryOwner>>,
}

/// How clients stay with the version that they had first: by a cookie that names it.
#[derive(Clone, Debug)]
pub struct Sticky {
    /// The cookie.
    pub cookie: Decided<HeaderName>,
    /// How long a client keeps it; none: until it is closed.
    pub ttl: Option<Decided<Duration>>,
    /// Who said it.
    pub origin: Origin,
}

/// A controller that moves the shares of a canary by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CanaryOwner {
    /// Argo Rollouts.
    ArgoRollouts,
    /// Flagger.
    Flagger,
}

/// A share of the requests for one version.
#[derive(Clone, Debug)]
pub struct Share {
    /// Which version.
    pub version: usize,
    /// How much.
    pub percent: Decided<Percent>,
}

impl CanaryOwner {
    /// How it is called.
    pub const fn word(self) -> &'static str {
        match self {
            CanaryOwner::ArgoRollouts => "argo-rollouts",
            CanaryOwner::Flagger => "flagger",
        }
    }
}

impl Canary {
    /// Whether both versions may have requests that nothing else decides.
    pub fn is_split(&self) -> bool {
        self.owner.is_some() || !matches!(self.percent.value, Percent::NONE | Percent::ALL)
    }

    /// The shares of the requests that nothing matches: the stable version's first.
    pub fn shares(&self) -> [Share; 2] {
        let rest = self.percent.clone().map(Percent::rest);
        [
            Share { version: self.stable.value, percent: rest },
            Share { version: self.candidate.value, percent: self.percent.clone() },
        ]
    }
}

/// How often a request is tried again.
#[derive(Clone, Debug)]
pub enum Retry {
    /// Nobody says: the proxies' own two tries on refused connections.
    Unsaid,
    /// Never.
    Off(Origin),
    /// So.
    On(Box<Retries>),
}

impl Retry {
    /// How many more tries the proxies make of refused connections where nobody says.
    pub const UNSAID_ATTEMPTS: u32 = 2;

    /// After which failures a request is tried again where nobody says: what Istio retries when a number of tries
    /// alone is said.
    pub const UNSAID_CONDITIONS: [&str; 4] = ["connect-failure", "refused-stream", "unavailable", "cancelled"];
}

/// The parts of [`Retry::On`].
#[derive(Clone, Debug)]
pub struct Retries {
    /// How many more tries.
    pub attempts: Decided<u32>,
    /// How long one try may take.
    pub per_try: Option<Decided<Duration>>,
    /// The first pause between tries.
    pub backoff: Option<Decided<Duration>>,
    /// Whether other localities are tried too.
    pub remote_localities: Option<Decided<bool>>,
    /// Whether pods that were tried are avoided.
    pub avoid_tried: Option<Decided<bool>>,
    /// After which failures.
    pub on: Decided<Vec<SmolStr>>,
}

impl Retry {
    /// Who said whether, and how often; none where nobody does.
    pub fn origin(&self) -> Option<Origin> {
        match self {
            Retry::Unsaid => None,
            Retry::Off(origin) => Some(*origin),
            Retry::On(retries) => Some(retries.attempts.origin),
        }
    }
}
