use crate::source::Decided;
use crate::value::{HashKey, HashTable};

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
