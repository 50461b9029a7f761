use super::error::ClusterError;
use super::kubectl::Cluster;
use super::listing::unreadable;
use super::resource::Resource;
use serde::Deserialize;
use std::collections::BTreeMap;

/// The APIs of a server: where each group is found, in each of its versions.
#[derive(Debug)]
pub struct Apis(BTreeMap<String, Vec<String>>);

/// What a server says of its groups.
#[derive(Deserialize)]
struct Groups {
    groups: Vec<Group>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Group {
    name: String,
    preferred_version: Version,
    versions: Vec<Version>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Version {
    group_version: String,
}

/// What a server says of the kinds of one version of a group.
#[derive(Deserialize)]
struct Kinds {
    resources: Vec<Named>,
}

#[derive(Deserialize)]
struct Named {
    name: String,
    kind: String,
}

impl Cluster {
    /// Where the groups of the server are found: one question for all of them.
    pub fn apis(&self) -> Result<Apis, ClusterError> {
        let read: Groups = serde_json::from_str(&self.get("/apis")?).map_err(|error| unreadable(&error))?;
        let mut all = BTreeMap::from([(String::new(), vec!["/api/v1".to_owned()])]);
        for Group { name, preferred_version: Version { group_version: preferred }, versions } in read.groups {
            let others = versions.into_iter().map(|version| version.group_version).filter(|other| *other != preferred);
            let paths = std::iter::once(preferred.clone()).chain(others).map(|version| format!("/apis/{version}"));
            all.insert(name, paths.collect());
        }
        Ok(Apis(all))
    }

    /// What a version of an API calls the objects of a kind; none where it has no such kind.
    pub(super) fn plural(&self, api: &str, resource: &Resource) -> Result<Option<String>, ClusterError> {
        let read: Kinds = serde_json::from_str(&self.get(api)?).map_err(|error| unreadable(&error))?;
        let is_meant = |named: &Named| named.kind == resource.kind && !named.name.contains('/');
        Ok(read.resources.into_iter().find(is_meant).map(|named| named.name))
    }
}

impl Apis {
    /// The versions of a group, the one that the server prefers first: a kind need not be in all of them.
    pub(super) fn of(&self, group: &str) -> &[String] {
        self.0.get(group).map_or(&[], Vec::as_slice)
    }
}
