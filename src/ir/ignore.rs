use super::{Thing, Waiver};
use crate::source::Spanned;
use crate::value::{ObjectName, Pointer, RiskClass};
use smol_str::SmolStr;

/// Fields of an object that another controller writes.
#[derive(Debug)]
pub struct Ignore {
    /// Of which object.
    pub object: Spanned<ObjectName>,
    /// Which fields.
    pub pointers: Vec<Spanned<Pointer>>,
    /// Who writes them.
    pub owner: SmolStr,
    /// Why, and until when.
    pub waiver: Waiver,
}

/// A risk that is known, and taken until a day.
#[derive(Debug)]
pub struct Accept {
    /// Which class of changes.
    pub class: Spanned<RiskClass>,
    /// Of what alone; none: of anything.
    pub of: Option<Accepted>,
    /// Why, and until when.
    pub waiver: Waiver,
}

/// What a risk is accepted of.
#[derive(Debug)]
pub enum Accepted {
    /// A thing of the mesh, and all its objects.
    Thing(Thing),
    /// An object.
    Object(Spanned<ObjectName>),
}
