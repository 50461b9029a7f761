//! What a change of a mesh really does: two sets of objects in, changes and findings out.
//!
//! Both sides are brought into one form first (`normalise`), objects are paired by what identifies them, and each
//! class of changes ([`classes`]) looks for what it knows. It reads no file and asks no cluster: sides come as
//! [`Side`]s, whoever read them.

mod alike;
mod body;
pub mod classes;
mod comparison;
mod edits;
mod fields;
mod finding;
mod held;
mod id;
mod joined;
mod managers;
mod mask;
mod newcomers;
mod normalise;
mod owner;
mod plan;
mod renames;
pub mod render;
mod report;
mod said;
mod settings;
mod shape;
mod side;
mod view;
mod waiver;
mod words;

pub use alike::Alike;
pub use body::Body;
pub use comparison::{Change, Comparison, Operation};
pub use fields::{FieldChange, field_changes};
pub use finding::{Confidence, Finding, Place, Pointer, Which};
pub use held::Held;
pub use id::Id;
pub use managers::Managers;
pub use mask::Masks;
pub use normalise::{Normalised, Step, Written};
pub use owner::Owner;
pub use plan::{PlanStep, plan};
pub use renames::Rename;
pub use report::{Accepted, Report, Sides, compare};
pub use settings::{control_plane, pod_patch};
pub use side::{Object, Side, Unknown};
pub use waiver::{Accept, Ignore, Ignored, Of, Reason, Waivers, ignore};
