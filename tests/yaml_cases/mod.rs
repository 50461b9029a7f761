//! The strings of `tests/yaml/strings.json` and the value that has one of them in every place.

use serde_json::{Value, json};

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

/// `text` as a value, as keys of a scalar, a list and a map, and as a list item.
pub(crate) fn everywhere(text: &str) -> Value {
    json!({
        "value": text,
        "key": { text: text },
        "keys": [{ text: { text: [text] } }, { text: [1] }],
        "items": [text, [text, { "k": text }]],
    })
}
