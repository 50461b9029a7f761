//! `mesh` compiles one page of intent per service into the whole Istio and Kubernetes tree.
//!
//! Nouns are languages, verbs are passes; only [`pipeline`] knows the order. See ARCHITECTURE.md.

pub mod check;
pub mod cli;
pub mod diagnostic;
pub mod disk;
pub mod emit;
pub mod intent;
pub mod ir;
pub mod load;
pub mod lower;
pub mod manifest;
pub mod pipeline;
pub mod resolve;
pub mod source;
pub mod syntax;
pub mod value;
