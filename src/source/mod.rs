//! Where everything comes from: the files of a workspace as text, places in them, and the layer that said a thing.
//!
//! It never touches the disk: files come in through the trait [`Files`], which `disk` implements for a real folder
//! and the tests for one in memory. Offsets are bytes everywhere; only views turn them into lines and columns.

mod attached;
mod edit;
mod files;
mod letters;
mod origin;
mod sources;
mod span;
mod text;

pub use attached::Attached;
pub use edit::{Edit, Section};
pub use files::{Files, ReadError};
pub(crate) use letters::{Letters, is_usual, line_length, spaces};
pub use origin::{Decided, Layer, Origin};
pub use sources::{FileId, Location, SourceFile, Sources};
pub use span::{Span, Spanned};
pub use text::Text;
