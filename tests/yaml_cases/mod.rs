//! The strings of `tests/yaml/strings.json`.

use serde_json::Value;

/// The cases, by how we write them.
pub(crate) struct Strings {
    /// Without quotes.
    pub(crate) plain: Vec<String>,
    /// In double quotes.
    pub(crate) quoted: Vec<String>,
}

impl Strings {
    /// Both kinds.
    pub(crate) fn all(self) -> impl Iterator<Item = String> {
        self.plain.into_iter().chain(self.quoted)
    }
}

/// Reads the cases.
pub(crate) fn strings() -> Strings {
    let read: Value = serde_json::from_str(include_str!("../yaml/strings.json")).unwrap();
    let list = |name: &str| serde_json::from_value(read[name].clone()).unwrap();
    Strings { plain: list("plain"), quoted: list("quoted") }
}
