//! Objects as text: one stream, or a tree of files with a kustomization that lists them in the order of application.
//!
//! Input is objects one by one, output is bytes; it writes nothing and knows nothing of why an object is there.

mod json;
mod kustomization;
mod layout;
mod stream;
mod told;
mod tree;

pub use json::list;
pub use layout::{folder, path, place};
pub use stream::document;
pub use told::{Part, ToldLine, ToldTree, said};
pub use tree::{HEADER, Tree, TreeBuilder};
