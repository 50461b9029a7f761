//! The disk edge: what is read as a workspace, and that an output folder is replaced all or nothing.
#![allow(clippy::disallowed_methods, reason = "tests of the disk use the disk")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "what a test prepares must work")]

mod faults;
mod layers;
mod leftovers;
mod replace;
mod scratch;
mod workspace;
