//! What objects say, read as Istio reads them: names resolved, fields that are left out filled in, whatever the spelling.
//!
//! Several classes look at the same thing, each for its own reason; how it is read stands here, once.

pub(super) mod access;
mod at;
mod blocks;
pub(super) mod breaker;
mod callers;
pub(super) mod deadlines;
pub(super) mod drift;
pub(super) mod entries;
mod fields;
pub(super) mod gateways;
pub(super) mod grants;
mod holes;
pub(super) mod labels;
pub(super) mod mtls;
pub(super) mod names;
pub(super) mod network;
pub(super) mod opaque;
pub(super) mod plaintext;
pub(super) mod policy;
pub(super) mod reach;
pub(super) mod routing;
pub(super) mod scope;
pub(super) mod services;
pub(super) mod subsets;
pub(super) mod telemetry;
pub(super) mod texts;
pub(super) mod tls;
pub(super) mod tokens;
pub(super) mod words;
pub(super) mod workloads;

pub(super) use at::At;
pub(super) use fields::{is_read, leaves};
