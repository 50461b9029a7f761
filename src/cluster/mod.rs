//! A live cluster, read through `kubectl`: lists of kinds, page by page, and nothing else.
//!
//! Whoever can use a cluster has `kubectl`, with the ways of signing in that the cluster needs; so none of them is here.
//! It sends nothing but GETs of lists, and where somebody wants it what the server shall apply as a trial, which writes
//! nothing; it never asks for Secrets, and takes the cluster from the user's own configuration
//! alone, never from a workspace. What could not be listed is an error, never an empty list.
#![allow(clippy::disallowed_methods, reason = "an edge: the one place that runs kubectl")]

mod apis;
mod error;
mod kubectl;
mod listing;
mod resource;
mod rights;
mod would_apply;

pub use apis::Apis;
pub use error::ClusterError;
pub use kubectl::Cluster;
pub use listing::Part;
pub use resource::Resource;
pub use rights::rights;
