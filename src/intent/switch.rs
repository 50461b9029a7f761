/// A word that may also be `off`, which drops what weaker layers said of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Switch<T> {
    /// `off`.
    Off,
    /// Said.
    On(T),
}

impl<T> Switch<T> {
    /// Whether it is `off`.
    pub fn is_off(&self) -> bool {
        matches!(self, Switch::Off)
    }
}
