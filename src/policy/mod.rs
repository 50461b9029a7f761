//! Who owns what, and who may use which door: the platform's word, which no page can change.
//!
//! In: the text of one KDL file that lies outside of the workspace. Out: a [`Policy`], or faults. It knows teams, their
//! folders, namespaces, hosts and rights, and nothing of what pages say.

mod owner;
mod read;

pub use owner::HostOwner;
pub use read::{BAD_POLICY, read};

use crate::value::HostPattern;
use smol_str::SmolStr;
use std::collections::BTreeSet;

/// What the teams of a workspace own.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    teams: Vec<Team>,
}

/// A team.
#[derive(Clone, Debug)]
pub struct Team {
    /// Its name.
    pub name: SmolStr,
    /// How many services and workloads it may have; none: any number.
    pub services: Option<u32>,
    folders: Vec<SmolStr>,
    namespaces: Vec<SmolStr>,
    hosts: Vec<HostPattern>,
    rights: BTreeSet<Right>,
}

/// What a team may do beside writing into its own namespaces.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Right {
    /// Write what holds for the whole mesh.
    Mesh,
    /// Merge into objects in Istio's own words.
    Patch,
    /// Carry objects through.
    Raw,
    /// Accept a risk.
    Accept,
}

impl Right {
    const ALL: [(&'static str, Right); 4] =
        [("mesh", Right::Mesh), ("patch", Right::Patch), ("raw", Right::Raw), ("accept", Right::Accept)];

    /// How a policy says it.
    pub const fn word(self) -> &'static str {
        match self {
            Right::Mesh => "mesh",
            Right::Patch => "patch",
            Right::Raw => "raw",
            Right::Accept => "accept",
        }
    }
}

impl Team {
    /// Whether it has a right.
    pub fn may(&self, right: Right) -> bool {
        self.rights.contains(&right)
    }
}
