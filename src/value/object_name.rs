use super::{Label, Mismatch};
use smol_str::{SmolStr, ToSmolStr};
use std::fmt;

/// An object of the output, as `KIND/NAMESPACE/NAME`; a Namespace is in itself.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ObjectName(SmolStr);

const EXPECTED: &str = "an object such as `VirtualService/shop/web`";

impl ObjectName {
    /// The object of these names.
    pub fn new(kind: &str, namespace: Option<&str>, name: &str) -> Self {
        ObjectName(format_args!("{kind}/{}/{name}", namespace.unwrap_or(name)).to_smolstr())
    }

    /// Reads a kind, a namespace and a name, with slashes between.
    ///
    /// # Errors
    /// The text is not of this form.
    pub fn parse(text: &str) -> Result<Self, Mismatch> {
        let parts: Vec<&str> = text.split('/').collect();
        let [kind, namespace, name] = parts.as_slice() else {
            return Err(Mismatch::new(EXPECTED, "a kind, a namespace and a name, with slashes between"));
        };
        let is_kind = kind.starts_with(|first: char| first.is_ascii_uppercase())
            && kind.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if !is_kind {
            return Err(Mismatch::new(EXPECTED, format!("`{}` is no kind of object", kind.escape_debug())));
        }
        if let Some(part) = std::iter::once(*namespace).chain(name.split('.')).find(|part| Label::parse(part).is_err())
        {
            return Err(Mismatch::new(EXPECTED, format!("`{}` is no name of Kubernetes", part.escape_debug())));
        }
        Ok(ObjectName(text.into()))
    }

    /// The text.
    pub fn text(&self) -> &SmolStr {
        &self.0
    }
}

impl fmt::Display for ObjectName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
