//! Typed objects of Kubernetes and Istio, each value with the line of intent it came from, and how they are printed.

mod traced;
pub mod yaml;

pub use traced::Traced;
