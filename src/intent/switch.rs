/// A word that may also be `off`, which drops what weaker layers said of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Switch<T> {
    /// `off`.
    Off,
    /// Said.
    On(T),
}
