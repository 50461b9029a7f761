use super::Resource;
use std::collections::BTreeMap;
use std::fmt::Write;

/// The `ClusterRole` with which these kinds can be read, as YAML: lists, and nothing more.
pub fn rights(resources: &[Resource]) -> String {
    let mut groups: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for resource in resources {
        groups.entry(&resource.group).or_default().push(resource.plural());
    }
    let mut text =
        "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata:\n  name: mesh-diff\nrules:\n"
            .to_owned();
    for (group, mut plurals) in groups {
        plurals.sort();
        plurals.dedup();
        let group = if group.is_empty() { "\"\"" } else { group };
        _ = write!(text, "- apiGroups:\n  - {group}\n  resources:\n");
        for plural in plurals {
            _ = writeln!(text, "  - {plural}");
        }
        text.push_str("  verbs:\n  - list\n");
    }
    text
}
