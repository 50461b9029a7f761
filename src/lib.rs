//! `mesh` compiles one page of intent per service into the whole Istio and Kubernetes tree.
//!
//! Nouns are languages, verbs are passes; only [`pipeline`] knows the order. See ARCHITECTURE.md.

pub mod access;
pub mod argocd;
pub mod cel;
pub mod check;
pub mod cli;
pub mod cluster;
pub mod diagnostic;
pub mod diff;
pub mod disk;
pub mod emit;
pub mod expand;
pub mod expression;
pub mod git;
pub mod govern;
pub mod graph;
pub mod intent;
pub mod ir;
pub mod load;
pub mod lower;
pub mod manifest;
pub mod model;
pub mod pipeline;
pub mod policy;
pub mod query;
pub mod resolve;
pub mod source;
pub mod syntax;
pub mod value;
pub mod verbatim;
