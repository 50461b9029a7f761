//! What a person is told about a fault: one value, and its views.
//!
//! A [`Diagnostic`] knows its code, where it is, why it matters and what to do, and nothing of the pass that found it.
//! [`Diagnostics`] collects them; `render` turns them into text for people and data for machines.

mod code;
mod collection;
pub mod render;
mod value;

pub use code::{Code, Severity};
pub use collection::Diagnostics;
pub use value::{Diagnostic, Edit, Help, Label};
