//! The disk: a workspace is read from it, and a compiled tree replaces the one before, all or nothing.
//!
//! It knows nothing of what the files mean. It never follows a link, never leaves the folder it was given, and never
//! touches a file that it did not write. In: paths. Out: bytes ([`Workspace`]), or a changed folder ([`replace`]) or file ([`rewrite`]).
#![allow(clippy::disallowed_methods, reason = "an edge: the one place that reads and writes files")]

mod confine;
mod create;
mod error;
mod open;
mod output;
mod page;
mod rendered;
mod workspace;

pub use confine::{Confined, confine};
pub use error::DiskError;
pub use output::{Report, compare, replace};
pub use page::rewrite;
pub use rendered::{OBJECTS, Rendered};
pub use workspace::{Workspace, find_root, find_root_within};
