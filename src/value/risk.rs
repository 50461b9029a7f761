use super::change_classes::change_classes;
use std::fmt;

/// A class of changes that a comparison of two meshes can find, each a risk of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RiskClass(&'static str);

macro_rules! meanings {
    ($($module:ident $name:literal $means:literal;)*) => { &[$(($name, $means)),*] };
}

/// Every class, with what it means.
pub const RISK_CLASSES: &[(&str, &str)] = change_classes!(meanings);

/// How much a change can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Risk {
    /// Nothing.
    None,
    /// Little, and easily undone.
    Low,
    /// Some requests are served otherwise than before.
    Medium,
    /// Requests fail, or somebody gets in, where something else goes wrong too.
    High,
    /// Requests fail, or somebody gets in.
    Critical,
}

impl Risk {
    /// Every risk, the highest first.
    pub const ALL: [Risk; 5] = [Risk::Critical, Risk::High, Risk::Medium, Risk::Low, Risk::None];

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Risk::None => "none",
            Risk::Low => "low",
            Risk::Medium => "medium",
            Risk::High => "high",
            Risk::Critical => "critical",
        }
    }
}

impl RiskClass {
    /// The class of this name.
    pub fn named(name: &str) -> Option<Self> {
        RISK_CLASSES.iter().find(|(known, _)| *known == name).map(|(known, _)| RiskClass(known))
    }

    /// Its name.
    pub const fn name(self) -> &'static str {
        self.0
    }
}

impl fmt::Display for RiskClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}
