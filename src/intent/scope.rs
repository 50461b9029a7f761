use crate::source::Spanned;
use crate::value::{Risk, RiskClass};
use smol_str::SmolStr;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

/// The environment that a file is read for: its name, those it extends, and its variables.
#[derive(Debug, Default)]
pub struct Scope {
    /// The environment's own name first, then what it extends, nearest first.
    pub environments: Vec<SmolStr>,
    /// The variables, `mesh`'s defaults included.
    pub variables: BTreeMap<SmolStr, SmolStr>,
    /// Where the environment is deployed: its own clusters, or those of the nearest that it extends.
    pub clusters: Vec<SmolStr>,
    /// How much a class of changes can do here, and where that is said.
    pub risks: BTreeMap<RiskClass, Spanned<Risk>>,
    /// Whether a fault hides where variables are defined, so that none is missed.
    pub lacks_variables: bool,
    /// Which variables were inserted somewhere.
    pub used: RefCell<BTreeSet<SmolStr>>,
}

impl Scope {
    /// The name of the environment.
    pub fn name(&self) -> &str {
        self.environments.first().map_or("", SmolStr::as_str)
    }

    /// Whether `in NAME` is laid over here.
    pub fn applies(&self, name: &str) -> bool {
        self.environments.iter().any(|environment| environment == name)
    }

    /// How weak an overlay for `name` is: 0 for the environment's own, more for what it extends.
    pub fn distance(&self, name: &str) -> Option<usize> {
        self.environments.iter().position(|environment| environment == name)
    }

    /// The value of a variable, which now counts as used.
    pub(super) fn value(&self, name: &str) -> Option<&SmolStr> {
        let value = self.variables.get(name)?;
        self.used.borrow_mut().insert(name.into());
        Some(value)
    }
}
