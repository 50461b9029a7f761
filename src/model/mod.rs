//! What guards and templates see of a mesh: the language after layers, as plain values with a schema.
//!
//! A word is a field, in snake case, and a list if it may repeat; its arguments, properties and children are its fields.
//! A word that is one argument is that value. A choice that says more than itself is its `mode`. What nobody says has its
//! default, or is null. A name is in full: `web.shop`. Each object is built when it is asked for: a compilation without
//! guards and templates builds none.

mod access;
mod actions;
mod authorizer;
mod canary;
mod exposure;
mod external;
mod gateway;
mod issuer;
mod it;
mod matching;
mod mesh;
mod namespace;
mod pods;
mod ports;
mod proxy;
mod rate_limit;
mod resilience;
mod retry;
mod route;
mod said;
pub mod schema;
mod service;
mod telemetry;
mod token;

pub use external::External;
pub use gateway::Gateway;
pub use it::It;
pub use mesh::{Environment, Mesh};
pub use namespace::Namespace;
pub use pods::Workload;
pub use said::{Choice, Number, Table};
pub use service::Service;
