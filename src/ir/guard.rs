use super::Kind;
use crate::source::{Origin, Text};
use smol_str::SmolStr;

/// A rule of the house.
#[derive(Debug)]
pub struct Guard {
    /// Its name.
    pub name: SmolStr,
    /// What it is for.
    pub kind: Kind,
    /// Whether what fails it compiles all the same.
    pub is_warning: bool,
    /// For which of them it holds; none: for all.
    pub when: Option<Text>,
    /// What must be true of each.
    pub require: Text,
    /// What is told of one of which it is not.
    pub message: Option<SmolStr>,
    /// Where it is declared.
    pub origin: Origin,
}
