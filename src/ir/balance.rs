use crate::source::Decided;
use crate::value::{Duration, HeaderName, HeaderValue};

/// How a pod is chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Balance {
    /// The one of two with fewer requests under way.
    LeastRequest,
    /// One after the other.
    RoundRobin,
    /// Any.
    Random,
    /// The one that the caller dialled.
    Passthrough,
    /// By a part of the request.
    Hash(Box<Hash>),
}

/// What [`Balance::Hash`] goes by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hash {
    /// The part of the request.
    pub key: Decided<HashKey>,
    /// Over what it chooses.
    pub table: Option<Decided<HashTable>>,
}

/// The part of a request by which a pod is chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HashKey {
    /// A header.
    Header(HeaderName),
    /// A cookie.
    Cookie {
        /// Its name.
        name: HeaderName,
        /// How long one lives that the proxy sets; none: it sets none.
        ttl: Option<Duration>,
        /// Its path.
        path: Option<HeaderValue>,
    },
    /// The address of the caller.
    SourceAddress,
    /// A query parameter.
    Query(HeaderName),
}

/// Over what a hash chooses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HashTable {
    /// A ring of at least so many places.
    Ring(u32),
    /// A table of this size.
    Maglev(u32),
}

impl HashKey {
    /// Whether only requests have it.
    pub fn is_about_requests(&self) -> bool {
        match self {
            HashKey::Header(_) | HashKey::Cookie { .. } | HashKey::Query(_) => true,
            HashKey::SourceAddress => false,
        }
    }

    /// The word for it.
    pub fn word(&self) -> &'static str {
        match self {
            HashKey::Header(_) => "header",
            HashKey::Cookie { .. } => "cookie",
            HashKey::SourceAddress => "source-ip",
            HashKey::Query(_) => "query",
        }
    }

    /// The name of the header, the cookie or the parameter.
    pub fn name(&self) -> Option<&HeaderName> {
        match self {
            HashKey::Header(name) | HashKey::Cookie { name, .. } | HashKey::Query(name) => Some(name),
            HashKey::SourceAddress => None,
        }
    }
}

impl Balance {
    /// The word for it.
    pub fn word(&self) -> &'static str {
        match self {
            Balance::LeastRequest => "least-request",
            Balance::RoundRobin => "round-robin",
            Balance::Random => "random",
            Balance::Passthrough => "passthrough",
            Balance::Hash(_) => "consistent-hash",
        }
    }

    /// Whether it weighs pods, so that a new one can begin with a small share.
    pub fn knows_warm_up(&self) -> bool {
        match self {
            Balance::LeastRequest | Balance::RoundRobin => true,
            Balance::Random | Balance::Passthrough | Balance::Hash(_) => false,
        }
    }

    /// Whether it has a choice between near and far pods.
    pub fn knows_places(&self) -> bool {
        match self {
            Balance::LeastRequest | Balance::RoundRobin | Balance::Random | Balance::Hash(_) => true,
            Balance::Passthrough => false,
        }
    }

    /// The hash, if it is one.
    pub fn hash(&self) -> Option<&Hash> {
        match self {
            Balance::Hash(hash) => Some(hash),
            Balance::LeastRequest | Balance::RoundRobin | Balance::Random | Balance::Passthrough => None,
        }
    }
}
