//! The plugin of Argo CD: what its sidecar runs, and what people need to set it up.
//!
//! In: what Argo CD tells by the environment of a process ([`Seen`]) and the files of a workspace. Out: all of standard
//! output, or a [`Failure`] in the few lines that its screens show. Nothing that an Application says becomes a path, a
//! flag or a word of intent: it is a choice among what the workspace declares. It opens no file and runs nothing.

mod announce;
mod appset;
mod doctor;
mod failure;
mod generate;
mod ignored;
mod install;
mod parameters;
mod scope;
mod seen;
mod served;

pub use announce::announce;
pub use appset::{By, Set, appset};
pub use doctor::{Around, Report, doctor};
pub use failure::{Failure, MOST_LINES};
pub use generate::{Generated, Job, generate, unreadable_policy};
pub use ignored::{Ignored, ignored};
pub use install::{Installer, install};
pub use seen::Seen;
