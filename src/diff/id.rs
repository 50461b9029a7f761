use crate::verbatim::Outline;
use smol_str::{SmolStr, format_smolstr};
use std::fmt;

/// What identifies an object. Versions of an API do not: Istio's say the same in each of theirs.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Id {
    /// Its namespace; none for kinds without one.
    pub namespace: Option<SmolStr>,
    /// Its kind.
    pub kind: SmolStr,
    /// Its name.
    pub name: SmolStr,
    /// The group of its API; empty for Kubernetes' own first one.
    pub group: SmolStr,
}

impl Id {
    /// What identifies the object that `head` names, of this API; none where it does not say it.
    pub(super) fn of(head: impl Outline, api: &str) -> Option<Self> {
        let metadata = head.get("metadata")?;
        let group = api.split_once('/').map_or(SmolStr::default(), |(group, _)| group.into());
        let namespace = metadata.get("namespace").and_then(Outline::text);
        Some(Id { namespace, kind: head.get("kind")?.text()?, name: metadata.get("name")?.text()?, group })
    }

    /// As `ignore` and `accept` name it: a Namespace is in itself, and so is what has none.
    pub fn object_name(&self) -> SmolStr {
        format_smolstr!("{}/{}/{}", self.kind, self.namespace.as_ref().unwrap_or(&self.name), self.name)
    }
}

/// `Kind/namespace/name`.
impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.namespace {
            Some(namespace) => write!(f, "{}/{namespace}/{}", self.kind, self.name),
            None => write!(f, "{}/{}", self.kind, self.name),
        }
    }
}
