//! Expressions of CEL over plain values, as guards are written: judged against a schema, and evaluated within a budget.
//!
//! It is the part of CEL that says something of plain values: no bytes, times or types. Work is bounded, so that no
//! expression of a stranger can hang the process.

mod evaluate;
mod functions;
mod judge;
mod values;
mod witness;

pub use crate::cel::{Expression, Fault, LONGEST, Node, read};
pub use evaluate::{Budget, Scope, evaluate};
pub use judge::{Type, Variables, judge};
pub use witness::witness;
