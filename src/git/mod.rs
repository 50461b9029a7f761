//! git: the files of a revision as they were committed.
//!
//! A repository may be a stranger's, and git can be told by one to run programs. So objects are read by plumbing alone:
//! no checkout, no index, no hook, no filter, no textconv, no fetch, and no name that could be an option. It knows
//! nothing of what the files mean. In: a folder and the name of a revision. Out: [`Files`](crate::source::Files).
#![allow(clippy::disallowed_methods, reason = "an edge: the one place that runs git")]

mod batch;
mod command;
mod error;
mod repository;
mod revision;

pub use error::GitError;
pub use repository::{Commit, Repository};
pub use revision::{Revision, Wanted};
