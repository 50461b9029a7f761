use super::Mismatch;
use serde_json::{Map, Value};
use smol_str::SmolStr;
use std::fmt;

/// A JSON Web Key Set (RFC 7517): the keys with which tokens are verified, on one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Jwks {
    text: SmolStr,
    /// The private part of the first key that has one, and the number of that key.
    private: Option<(usize, &'static str)>,
}

const EXPECTED: &str = "a JSON Web Key Set such as `{\"keys\": [{\"kty\": \"RSA\", ...}]}`";

/// The kinds of keys, each with the public parts that it cannot do without.
const KINDS: [(&str, &[&str]); 4] =
    [("RSA", &["n", "e"]), ("EC", &["crv", "x", "y"]), ("OKP", &["crv", "x"]), ("oct", &["k"])];
/// The parts that only the signer may know (RFC 7518, section 6).
const PRIVATE: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

impl Jwks {
    /// Reads a set of keys.
    ///
    /// # Errors
    /// It is no JSON, holds no key, or one of an unknown kind or without a part of its kind.
    pub fn parse(text: &str) -> Result<Self, Mismatch> {
        let fault = |because: String| Mismatch::new(EXPECTED, because);
        let set: Value = serde_json::from_str(text).map_err(|error| fault(format!("it is no JSON: {error}")))?;
        let keys = set.get("keys").and_then(Value::as_array).ok_or_else(|| fault("it has no list `keys`".into()))?;
        if keys.is_empty() {
            return Err(fault("its list `keys` is empty".into()));
        }
        let mut private = None;
        for (at, key) in keys.iter().enumerate() {
            let number = at + 1;
            let key = key.as_object().ok_or_else(|| fault(format!("its key {number} is no object")))?;
            check(key).map_err(|because| fault(format!("its key {number} {because}")))?;
            private =
                private.or_else(|| PRIVATE.iter().find(|part| key.contains_key(**part)).map(|part| (number, *part)));
        }
        Ok(Jwks { text: set.to_string().into(), private })
    }

    /// The text.
    pub fn text(&self) -> &SmolStr {
        &self.text
    }

    /// The number of the first key that has a private part, from 1, and the part.
    pub fn private(&self) -> Option<(usize, &'static str)> {
        self.private
    }
}

fn check(key: &Map<String, Value>) -> Result<(), String> {
    let kind = key.get("kty").and_then(Value::as_str).ok_or("has no text `kty`")?;
    let (_, parts) = KINDS.iter().find(|(name, _)| *name == kind).ok_or("has a `kty` that is none of RSA, EC, OKP")?;
    let lost = parts.iter().find(|part| key.get(**part).and_then(Value::as_str).is_none_or(str::is_empty));
    lost.map_or(Ok(()), |part| Err(format!("has no text `{part}`")))
}

impl fmt::Display for Jwks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::Jwks;

    #[test]
    fn a_set_has_public_keys_that_are_whole() {
        let one = Jwks::parse("{ \"keys\": [ {\"kty\": \"RSA\", \"n\": \"AQ\",\n \"e\": \"AQAB\"} ] }").expect("a set");
        assert_eq!(one.text(), r#"{"keys":[{"kty":"RSA","n":"AQ","e":"AQAB"}]}"#);
        assert_eq!(one.private(), None);
        let two = r#"{"keys": [{"kty": "EC", "crv": "P-256", "x": "a", "y": "b"}, {"kty": "oct", "k": "s"}]}"#;
        assert_eq!(Jwks::parse(two).expect("a set").private(), Some((2, "k")));
        for text in [
            "",
            "{}",
            "[]",
            r#"{"keys": []}"#,
            r#"{"keys": [1]}"#,
            r#"{"keys": [{"kty": "RSA", "n": "AQ"}]}"#,
            r#"{"keys": [{"kty": "rsa", "n": "AQ", "e": "AQAB"}]}"#,
            r#"{"keys": [{"n": "AQ", "e": "AQAB"}]}"#,
        ] {
            assert!(Jwks::parse(text).is_err(), "{text}");
        }
    }
}
