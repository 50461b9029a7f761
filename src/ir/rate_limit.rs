use super::Conditions;
use crate::source::{Decided, Origin};
use crate::value::Duration;
use smol_str::SmolStr;

/// How many requests each pod takes in a time; the others are refused.
#[derive(Clone, Debug)]
pub struct RateLimit {
    /// Its name.
    pub name: SmolStr,
    /// How many requests.
    pub requests: Decided<u32>,
    /// In which time.
    pub per: Decided<Duration>,
    /// How many at once, after a time of silence; as many as in a time unless said.
    pub burst: Option<Decided<u32>>,
    /// Which requests count.
    pub conditions: Conditions,
    /// Who named it first.
    pub origin: Origin,
}
