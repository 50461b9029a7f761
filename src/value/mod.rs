//! The single values that intent is made of, each a type with one fallible constructor.
//!
//! A value that exists is right: whoever holds a [`Path`] need not look again. Nothing here knows of files, places,
//! layers or Istio objects; `intent` reads these types, `ir` holds them, `lower` writes them.

mod address;
mod cidr;
mod claim;
mod date;
mod decimal;
mod duration;
mod file_path;
mod fraction;
mod grpc_status;
mod header;
mod host;
mod jwks;
mod label;
mod locality;
mod method;
mod mismatch;
mod path;
mod percent;
mod port;
mod regex;
mod scheme;
mod url;
mod version;
mod web_origin;

pub use address::Address;
pub use cidr::Cidr;
pub use claim::{ClaimName, ClaimValue};
pub use date::Date;
pub use decimal::Decimal;
pub use duration::Duration;
pub use file_path::FilePath;
pub use fraction::Fraction;
pub use grpc_status::GrpcStatus;
pub use header::{HeaderName, HeaderValue};
pub use host::{Host, HostPattern};
pub use jwks::Jwks;
pub use label::{Label, Name, is_label_key, is_label_value};
pub use locality::{Locality, Region};
pub use method::Method;
pub use mismatch::Mismatch;
pub use path::{Path, PathKind};
pub use percent::Percent;
pub use port::{Port, Protocol, ProtocolKind};
pub use regex::Regex;
pub use scheme::Scheme;
pub use url::Url;
pub use version::Target;
pub use web_origin::WebOrigin;
