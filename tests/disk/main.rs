//! The disk edge: what is read as a workspace, and that an output folder is replaced all or nothing.
#![allow(clippy::disallowed_methods, reason = "tests of the disk use the disk")]

mod faults;
mod layers;
mod replace;
mod scratch;
mod workspace;
