use super::RequestMatch;
use crate::source::{Decided, Origin};
use crate::value::{Duration, Percent};
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
}

/// A share of the requests for one version.
#[derive(Clone, Debug)]
pub struct Share {
    /// Which version.
    pub version: usize,
    /// How much.
    pub percent: Decided<Percent>,
}

impl Canary {
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
