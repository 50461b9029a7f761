//! What people say in Kubernetes' own words: the YAML of `patch` and `raw`, and of what templates make.
//!
//! A text is read into a tree whose every key and value knows its place, is held against the fields that its kind has,
//! and is merged into an object that was made without it. Input is text of strangers: nothing of it is expanded
//! (no alias, no tag, no merge key), its nesting is bounded, and what readers of YAML read differently is refused.
//! What stands in a cluster already, or was rendered by others, is [decoded](decode()) as Kubernetes itself reads it.

mod block;
mod bounds;
mod decode;
mod fit;
mod json;
mod kinds;
mod lack;
mod merge;
mod node;
mod object;
mod outline;
mod pods;
mod read;
mod resolved;
mod scalar;
mod unread;

pub use block::Head;
pub use decode::decode;
pub use fit::{CODES, FIELD_NOT_ALLOWED, KIND_NOT_ALLOWED, UNKNOWN_FIELD, fit};
pub use kinds::{CONTROL_PLANE, Door, Kind, control_plane, is_patched, kind, names, patched, since};
pub use lack::{Lack, lacks};
pub use merge::{Need, Unmet, merge};
pub use node::{Entry, Node, Value, escaped, steps, unescaped};
pub use object::{MISSING_FIELD, Object, missing, object};
pub use outline::Outline;
pub use read::{BAD_YAML, read};
pub use unread::{Unread, skim};

pub use crate::source::Text;

use crate::source::Origin;
use smol_str::SmolStr;

/// An object that a mesh becomes, as rules see it.
#[derive(Clone, Debug)]
pub struct Made {
    /// The node of intent that it came from.
    pub owner: Origin,
    /// Its API and kind.
    pub kind: (SmolStr, SmolStr),
    /// Its namespace; none for kinds without one.
    pub namespace: Option<SmolStr>,
    /// Its name.
    pub name: SmolStr,
    /// All of it, before any patch.
    pub body: Node,
}
