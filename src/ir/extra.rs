use super::Thing;
use crate::source::{Decided, Origin};
use smol_str::SmolStr;

/// Objects of a template that a thing asks for.
#[derive(Clone, Debug)]
pub struct Extra {
    /// The template.
    pub template: SmolStr,
    /// The path of its text.
    pub file: SmolStr,
    /// What asks for them.
    pub thing: Thing,
    /// Every parameter with its value, by name.
    pub params: Vec<(SmolStr, Decided<SmolStr>)>,
    /// Where they are asked for.
    pub origin: Origin,
}
