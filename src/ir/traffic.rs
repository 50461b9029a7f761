use crate::source::{Decided, Origin, Spanned};
use crate::value::{Duration, HeaderName, HeaderValue, Method, Path, Percent, Regex};
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

/// Requests of a kind: every part must hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestMatch {
    /// Headers.
    pub headers: Vec<(Spanned<HeaderName>, Predicate)>,
    /// Cookies.
    pub cookies: Vec<(Spanned<HeaderName>, Predicate)>,
    /// Query parameters.
    pub queries: Vec<(Spanned<HeaderName>, Predicate)>,
    /// One of these methods; none: any.
    pub methods: Vec<Method>,
    /// One of these paths; none: any.
    pub paths: Vec<Path>,
    /// Where it was said.
    pub origin: Origin,
}

/// What a text must be.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Predicate {
    /// There, whatever it is.
    Present,
    /// One of these.
    OneOf(Vec<HeaderValue>),
    /// Beginning with this.
    Prefix(HeaderValue),
    /// Matching this as a whole.
    Regex(Regex),
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
