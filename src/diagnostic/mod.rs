//! What a person is told about a fault: one value, and its views.
//!
//! A [`Diagnostic`] knows its code, where it is, why it matters and what to do, and nothing of the pass that found it.
//! [`Diagnostics`] collects them; `render` turns them into text for people and data for machines.

mod code;
mod collection;
mod count;
mod list;
mod nearest;
pub mod render;
mod value;
mod visible;

pub use code::{Code, Severity};
pub use collection::Diagnostics;
pub use count::Count;
pub use list::{and_list, or_list};
pub use nearest::nearest;
pub use value::{Diagnostic, Edit, Help, Label};
pub use visible::{is_hidden, visible};
