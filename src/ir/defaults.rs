use super::{Actions, Resilience, Retry};
use crate::source::Decided;
use crate::value::Duration;

/// What the mesh or a namespace says of the services in it, unless they say otherwise.
#[derive(Clone, Debug)]
pub struct Defaults {
    /// How long requests may take.
    pub timeout: Option<Decided<Duration>>,
    /// How often they are tried again.
    pub retry: Retry,
    /// What else is done to them.
    pub actions: Option<Box<Actions>>,
    /// How pods are chosen and spared.
    pub resilience: Resilience,
}
