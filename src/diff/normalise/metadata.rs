use super::{Normalised, Step, fingerprint, is_void};
use crate::verbatim::{Entry, Node, Value};

/// Fields of `metadata` that a server writes.
const OF_SERVER: [&str; 9] = [
    "managedFields",
    "resourceVersion",
    "uid",
    "generation",
    "creationTimestamp",
    "selfLink",
    "ownerReferences",
    "deletionTimestamp",
    "deletionGracePeriodSeconds",
];

/// Annotations that tools write about themselves; with a slash at the end, all below it.
const OF_TOOLS: [&str; 5] = [
    "kubectl.kubernetes.io/last-applied-configuration",
    "argocd.argoproj.io/tracking-id",
    "argocd.argoproj.io/installation-id",
    "kapp.k14s.io/",
    "meta.helm.sh/",
];

/// The label by which a Namespace is found by its name, which the server keeps.
const NAME_OF_NAMESPACE: &str = "kubernetes.io/metadata.name";

/// Labels by which we say where an object came from.
const OURS: &str = "mesh.kdl/";

/// Takes away what says nothing of what an object does, and tells what we wrote on it of where it came from.
pub(super) fn strip(body: &mut Node, normalised: &mut Normalised) -> u64 {
    let Value::Map(entries) = &mut body.value else { return 0 };
    leave(entries, |entry| entry.key == "apiVersion", (Step::Identity, normalised));
    leave(entries, |entry| entry.key == "status", (Step::ServerFields, normalised));
    let Some(Entry { node: Node { value: Value::Map(fields), .. }, .. }) =
        entries.iter_mut().find(|entry| entry.key == "metadata")
    else {
        return 0;
    };
    leave(fields, |field| OF_SERVER.contains(&field.key.as_str()), (Step::ServerFields, normalised));
    let mut provenance = 0;
    for field in fields.iter_mut() {
        let Value::Map(marks) = &mut field.node.value else { continue };
        match field.key.as_str() {
            "labels" => {
                leave(marks, |mark| mark.key == NAME_OF_NAMESPACE, (Step::ServerFields, normalised));
                provenance =
                    marks.iter().filter(|mark| is_ours(mark)).map(fingerprint::of_entry).fold(0, u64::wrapping_add);
                leave(marks, is_ours, (Step::ToolMarks, normalised));
            }
            "annotations" => leave(marks, is_of_tool, (Step::ToolMarks, normalised)),
            _ => {}
        }
    }
    leave(fields, |field| is_void(&field.node.value), (Step::EmptyValues, normalised));
    provenance
}

fn is_ours(mark: &Entry) -> bool {
    let is_manager = mark.key == "app.kubernetes.io/managed-by" && mark.node.text().is_some_and(|text| text == "mesh");
    is_manager || mark.key.starts_with(OURS)
}

fn is_of_tool(mark: &Entry) -> bool {
    OF_TOOLS.iter().any(|tool| if tool.ends_with('/') { mark.key.starts_with(tool) } else { mark.key == *tool })
}

fn leave(entries: &mut Vec<Entry>, out: impl Fn(&Entry) -> bool, (step, normalised): (Step, &mut Normalised)) {
    let before = entries.len();
    entries.retain(|entry| !out(entry));
    normalised.tell(step, before - entries.len());
}
