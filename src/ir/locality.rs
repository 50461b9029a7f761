use crate::source::{Decided, Origin};
use crate::value::{self, Percent, Region};
use smol_str::SmolStr;

/// Whether near pods come first, and where requests go when none is healthy.
#[derive(Clone, Debug)]
pub enum Locality {
    /// All pods are alike, wherever they are.
    Off(Origin),
    /// Near pods first, and of a region's requests the rest to another; by the region.
    Failover(Vec<Failover>),
    /// Pods first that share the caller's values of these labels.
    Prefer(Decided<Vec<SmolStr>>),
    /// Shares by place; by the place that the requests come from.
    Distribute(Vec<Distribute>),
}

/// Where requests of a region go once its own pods are out.
#[derive(Clone, Debug)]
pub struct Failover {
    /// Whose requests.
    pub from: Region,
    /// Where they go.
    pub to: Decided<Region>,
}

/// Where requests of a place go.
#[derive(Clone, Debug)]
pub struct Distribute {
    /// Whose requests.
    pub from: value::Locality,
    /// Where they go, and how many of them.
    pub shares: Decided<Vec<(value::Locality, Percent)>>,
}

impl Locality {
    /// Who said the last of it.
    pub fn origin(&self) -> Origin {
        let origin = match self {
            Locality::Off(origin) => Some(*origin),
            Locality::Failover(lines) => lines.iter().map(|line| line.to.origin).max_by_key(|origin| origin.layer),
            Locality::Prefer(labels) => Some(labels.origin),
            Locality::Distribute(lines) => {
                lines.iter().map(|line| line.shares.origin).max_by_key(|origin| origin.layer)
            }
        };
        origin.unwrap_or(Origin::BUILT_IN)
    }

    /// Whether it says nothing any more.
    pub fn is_empty(&self) -> bool {
        match self {
            Locality::Off(_) | Locality::Prefer(_) => false,
            Locality::Failover(lines) => lines.is_empty(),
            Locality::Distribute(lines) => lines.is_empty(),
        }
    }

    /// The word of a kind that moves requests only once pods are out.
    pub fn follows_health(&self) -> Option<&'static str> {
        match self {
            Locality::Off(_) | Locality::Distribute(_) => None,
            Locality::Failover(_) => Some("failover"),
            Locality::Prefer(_) => Some("prefer"),
        }
    }
}
