use super::Resource;
use std::collections::BTreeMap;
use std::fmt::Write;

/// The `ClusterRole` with which these kinds can be read, as YAML: lists, and nothing more; of those that are tried too,
/// what a server asks of whoever applies, though it writes nothing.
pub fn rights(resources: &[Resource], tried: &[Resource]) -> String {
    let mut text =
        "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata:\n  name: mesh-diff\nrules:\n"
            .to_owned();
    rules(resources, &["list"], &mut text);
    rules(tried, &["get", "patch"], &mut text);
    text
}

fn rules(resources: &[Resource], verbs: &[&str], text: &mut String) {
    let mut groups: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for resource in resources {
        groups.entry(&resource.group).or_default().push(resource.plural());
    }
    for (group, mut plurals) in groups {
        plurals.sort();
        plurals.dedup();
        let group = if group.is_empty() { "\"\"" } else { group };
        _ = write!(text, "- apiGroups:\n  - {group}\n  resources:\n");
        for plural in plurals {
            _ = writeln!(text, "  - {plural}");
        }
        text.push_str("  verbs:\n");
        for verb in verbs {
            _ = writeln!(text, "  - {verb}");
        }
    }
}
