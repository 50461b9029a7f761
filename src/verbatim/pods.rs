//! What pods may not be given by an object that is carried: the node they run on. The list is that of the baseline of
//! Kubernetes' Pod Security Standards.

use super::fit::FIELD_NOT_ALLOWED;
use super::kinds::Kind;
use super::node::{Entry, Node, Value};
use crate::diagnostic::{Diagnostic, Diagnostics};

/// Where the pods of a workload are described.
const PODS: &str = "spec.template.spec";

/// What of a pod is the node's.
const OF_NODE: [&str; 3] = ["hostNetwork", "hostPID", "hostIPC"];

/// The capabilities that a container has by default, which may be said again.
const USUAL: [&str; 13] = [
    "AUDIT_WRITE",
    "CHOWN",
    "DAC_OVERRIDE",
    "FOWNER",
    "FSETID",
    "KILL",
    "MKNOD",
    "NET_BIND_SERVICE",
    "SETFCAP",
    "SETGID",
    "SETPCAP",
    "SETUID",
    "SYS_CHROOT",
];

/// Refuses what would give the pods of an object the node.
pub(super) fn judge(body: &Node, kind: &Kind, found: &mut Diagnostics) {
    let Some(pod) = body.path(PODS) else { return };
    let path = format!("{}.{PODS}", kind.name);
    for key in OF_NODE {
        refuse_true(pod, &path, key, found);
    }
    for volume in pod.items("volumes") {
        for said in volume.entries().iter().filter(|entry| entry.key == "hostPath") {
            refuse(said, &format!("{path}.volumes.hostPath"), found);
        }
    }
    for list in ["initContainers", "containers", "ephemeralContainers"] {
        for container in pod.items(list) {
            self::container(container, &format!("{path}.{list}"), found);
        }
    }
}

fn container(container: &Node, path: &str, found: &mut Diagnostics) {
    for port in container.items("ports") {
        for said in port.entries().iter().filter(|entry| entry.key == "hostPort") {
            refuse(said, &format!("{path}.ports.hostPort"), found);
        }
    }
    let Some(context) = container.get("securityContext") else { return };
    refuse_true(context, &format!("{path}.securityContext"), "privileged", found);
    let added = context.get("capabilities").map(|capabilities| capabilities.items("add")).unwrap_or_default();
    let is_usual = |node: &Node| node.text().is_some_and(|name| USUAL.contains(&name.as_str()));
    if added.iter().any(|capability| !is_usual(capability)) {
        let said = context.get("capabilities").into_iter().flat_map(Node::entries).find(|entry| entry.key == "add");
        found.extend(said.map(|said| fault(said, &format!("{path}.securityContext.capabilities.add"))));
    }
}

fn refuse_true(node: &Node, path: &str, key: &str, found: &mut Diagnostics) {
    let is_true = |entry: &&Entry| entry.key == key && entry.node.value == Value::Boolean(true);
    for said in node.entries().iter().filter(is_true) {
        refuse(said, &format!("{path}.{key}"), found);
    }
}

fn refuse(said: &Entry, path: &str, found: &mut Diagnostics) {
    found.push(fault(said, path));
}

fn fault(said: &Entry, path: &str) -> Diagnostic {
    Diagnostic::new(&FIELD_NOT_ALLOWED, format!("`{path}` is not carried into the mesh"))
        .at_known(said.origin.and_then(|origin| origin.span), "gives the pod what is the node's")
        .note(
            "from the node a pod reaches the keys and the traffic of every other: no proxy and no policy would hold it",
        )
        .help("take it out, or let those who run the cluster apply the object")
}
