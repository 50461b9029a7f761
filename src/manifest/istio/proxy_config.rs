use super::Selector;
use crate::manifest::Traced;
use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};
use smol_str::SmolStr;

/// How proxies run, as far as a kind of Istio says it; read when a pod starts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ProxyConfig {
    /// Whose; none: all of the namespace.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub selector: Option<Selector>,
    /// How many threads they have.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub concurrency: Option<Traced<u32>>,
    /// Their environment, by name.
    #[serde(skip_serializing_if = "Vec::is_empty", serialize_with = "by_name")]
    pub environment_variables: Vec<(SmolStr, Traced<SmolStr>)>,
}

fn by_name<S: Serializer>(list: &[(SmolStr, Traced<SmolStr>)], serializer: S) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(list.len()))?;
    for (name, value) in list {
        map.serialize_entry(name, value)?;
    }
    map.end()
}
