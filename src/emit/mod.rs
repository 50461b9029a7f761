//! Manifests as a tree of files.

mod tree;

pub use tree::{HEADER, Tree};
