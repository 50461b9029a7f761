use crate::source::Decided;
use smol_str::SmolStr;

/// The account that pods run under: with the trust domain and the namespace, their identity.
#[derive(Clone, Debug)]
pub struct Account {
    /// Its name.
    pub name: Decided<SmolStr>,
    /// Whether others may run under it too.
    pub shared: bool,
}
