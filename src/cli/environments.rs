#![allow(clippy::doc_markdown, reason = "what is said of arguments is shown as it is, not as Markdown")]

use super::arguments::WORKSPACE;
use clap::Args;
use std::path::PathBuf;

/// Which environments are meant, and what they are held against.
#[derive(Args, Debug)]
pub(super) struct Environments {
    /// An environment; may be repeated, unsaid means all
    #[arg(long = "env", value_name = "ENV", help_heading = WORKSPACE)]
    pub(super) names: Vec<String>,
    /// A file outside of the workspace that says who owns what: see mesh explain bad-policy
    #[arg(long, value_name = "FILE", help_heading = WORKSPACE)]
    pub(super) policy: Option<PathBuf>,
}
