use crate::manifest::Traced;
use crate::manifest::object::pairs;
use serde::{Serialize, Serializer};
use smol_str::SmolStr;

/// Pods by their labels, as Istio's security kinds and NetworkPolicy write it.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Selector {
    /// The labels; all must match.
    #[serde(serialize_with = "labels", skip_serializing_if = "is_empty")]
    pub match_labels: Traced<Vec<(SmolStr, SmolStr)>>,
}

fn is_empty(labels: &Traced<Vec<(SmolStr, SmolStr)>>) -> bool {
    labels.is_empty()
}

/// Writes traced labels as a map.
pub(super) fn labels<S: Serializer>(
    labels: &Traced<Vec<(SmolStr, SmolStr)>>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    Traced { value: Map(&labels.value), origin: labels.origin }.serialize(serializer)
}

struct Map<'a>(&'a [(SmolStr, SmolStr)]);

impl Serialize for Map<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        pairs(self.0, serializer)
    }
}
