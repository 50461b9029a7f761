use super::Object;
use crate::verbatim::{Entry, Node, Value};
use smol_str::format_smolstr;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// What stands instead of secrets, numbered by equality: who reads a report sees that a value changed, or that two are
/// the same, and nothing more.
#[derive(Debug, Default)]
pub struct Masks {
    numbers: BTreeMap<String, usize>,
    /// Those that are looked for inside of other words, the longest first, so that no part of one is left over after a
    /// shorter one in it.
    parts: Vec<String>,
}

/// Headers whose values let their bearer in.
const HEADERS: [&str; 8] = [
    "authorization",
    "proxy-authorization",
    "cookie",
    "set-cookie",
    "x-api-key",
    "x-auth-token",
    "x-forwarded-access-token",
    "x-amz-security-token",
];

/// Parts of names whose values are secret, wherever they stand.
const WORDS: [&str; 7] = ["password", "passwd", "secret_key", "secretkey", "token_secret", "apikey", "api_key"];

/// Names whose values are secret, wherever they stand.
const NAMES: [&str; 4] = ["credentials", "client_secret", "clientsecret", "bearer_token"];

/// Kinds whose data are secrets, or what people use for them.
const OF_DATA: [&str; 2] = ["Secret", "ConfigMap"];

/// A secret shorter than this is masked where it is a whole value, not inside of other words.
const SHORTEST_PART: usize = 6;

impl Masks {
    /// Masks for every secret in objects.
    pub(super) fn of<'s>(objects: impl Iterator<Item = &'s Object>) -> Self {
        let mut masks = Masks::default();
        for object in objects {
            masks.collect(&object.id.kind, &mut Vec::new(), &object.body);
        }
        masks.parts = masks.numbers.keys().filter(|secret| secret.len() >= SHORTEST_PART).cloned().collect();
        masks.parts.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
        masks
    }

    /// A value with what is secret in it masked.
    pub fn node(&self, node: &Node) -> Node {
        let mut node = node.clone();
        self.mask(&mut node);
        node
    }

    /// Words with what is secret in them masked.
    pub fn words<'t>(&self, text: &'t str) -> Cow<'t, str> {
        if let Some(number) = self.numbers.get(text) {
            return Cow::Owned(format!("***(#{number})"));
        }
        let mut masked = Cow::Borrowed(text);
        for secret in self.parts.iter().filter(|secret| text.contains(secret.as_str())) {
            let number = self.numbers.get(secret).copied().unwrap_or_default();
            masked = Cow::Owned(masked.replace(secret.as_str(), &format!("***(#{number})")));
        }
        masked
    }

    fn mask(&self, node: &mut Node) {
        match &mut node.value {
            Value::Map(entries) => entries.iter_mut().for_each(|entry| self.mask(&mut entry.node)),
            Value::List(items) => items.iter_mut().for_each(|item| self.mask(item)),
            Value::Text(text) => {
                if let Cow::Owned(masked) = self.words(text) {
                    *text = masked.into();
                }
            }
            Value::Integer(_) | Value::Decimal(_) => {
                if let Some(number) = self.numbers.get(&number_text(&node.value)) {
                    node.value = Value::Text(format_smolstr!("***(#{number})"));
                }
            }
            Value::Null | Value::Boolean(_) => {}
        }
    }

    /// Finds what is secret in a tree; `way` is how it is reached, in lower case.
    fn collect(&mut self, kind: &str, way: &mut Vec<String>, node: &Node) {
        if is_secret(kind, way) {
            return self.take(node);
        }
        match &node.value {
            Value::Map(entries) => {
                let is_named_secret = entries.iter().any(is_name_of_secret);
                for entry in entries {
                    if is_named_secret && entry.key == "value" {
                        self.take(&entry.node);
                        continue;
                    }
                    way.push(entry.key.to_lowercase());
                    self.collect(kind, way, &entry.node);
                    way.pop();
                }
            }
            Value::List(items) => items.iter().for_each(|item| self.collect(kind, way, item)),
            Value::Text(text) => {
                if let Some(password) = password(text) {
                    self.number(password.to_owned());
                }
            }
            Value::Null | Value::Boolean(_) | Value::Integer(_) | Value::Decimal(_) => {}
        }
    }

    /// Takes every value of a tree; names of keys are no secret.
    fn take(&mut self, node: &Node) {
        match &node.value {
            Value::Map(entries) => entries.iter().for_each(|entry| self.take(&entry.node)),
            Value::List(items) => items.iter().for_each(|item| self.take(item)),
            Value::Text(text) => self.number(text.to_string()),
            Value::Integer(_) | Value::Decimal(_) => self.number(number_text(&node.value)),
            Value::Null | Value::Boolean(_) => {}
        }
    }

    fn number(&mut self, secret: String) {
        if !secret.is_empty() {
            let next = self.numbers.len() + 1;
            self.numbers.entry(secret).or_insert(next);
        }
    }
}

fn number_text(value: &Value) -> String {
    match value {
        Value::Integer(number) => number.to_string(),
        Value::Decimal(number) => number.to_string(),
        Value::Null | Value::Boolean(_) | Value::Text(_) | Value::List(_) | Value::Map(_) => String::new(),
    }
}

fn is_secret(kind: &str, way: &[String]) -> bool {
    let Some(last) = way.last() else { return false };
    let is_data = matches!(way.first().map(String::as_str), Some("data" | "stringdata" | "binarydata"));
    let is_header =
        HEADERS.contains(&last.as_str()) && way.iter().any(|step| step == "headers" || step == "set" || step == "add");
    (is_data && way.len() > 1 && OF_DATA.contains(&kind))
        || last == "jwks"
        || last == "inline_string" && kind == "EnvoyFilter"
        || is_header
        || NAMES.contains(&last.as_str())
        || WORDS.iter().any(|word| last.contains(word))
}

/// Whether an entry of a map says the name of something secret whose value stands beside it, as Envoy's headers and the
/// environment of containers do.
fn is_name_of_secret(entry: &Entry) -> bool {
    let name = entry.node.text().map(|name| name.to_lowercase()).unwrap_or_default();
    let is_name = matches!(entry.key.as_str(), "key" | "name" | "header");
    is_name && (HEADERS.contains(&name.as_str()) || WORDS.iter().any(|word| name.contains(word)))
}

/// The password in an address.
fn password(text: &str) -> Option<&str> {
    let (_, rest) = text.split_once("://")?;
    let (user, _) = rest.split(['/', '?', '#']).next()?.rsplit_once('@')?;
    user.split_once(':').map(|(_, password)| password)
}
