use super::Target;
use crate::source::Decided;
use crate::value::Fraction;

/// Copies of requests, whose answers nobody sees.
#[derive(Clone, Debug)]
pub struct Mirror {
    /// Whom they are for.
    pub target: Target,
    /// How many of the requests are copied.
    pub share: Decided<Fraction>,
}
