use crate::verbatim::{Node, Value};
use smol_str::SmolStr;

/// Who wrote which fields of an object, as a server noted it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Managers(Vec<Manager>);

/// Somebody who wrote fields of an object.
#[derive(Clone, Debug, PartialEq)]
pub struct Manager {
    /// What he calls himself.
    pub name: SmolStr,
    /// When he wrote last.
    pub time: SmolStr,
    /// The fields, as the server notes them; none where nobody else wrote any.
    fields: Option<Node>,
}

/// Programs that move the shares of a roll-out.
const OF_SHARES: [&str; 4] = ["rollouts-controller", "argo-rollouts", "flagger", "flagger-controller"];

/// Programs that set how many pods there are.
const OF_SCALE: [&str; 3] = ["kube-controller-manager", "horizontal-pod-autoscaler", "keda-operator"];

impl Managers {
    /// What stands on an object of a cluster. What only one wrote is his, whichever field it is.
    pub fn of(body: &Node) -> Self {
        let Some(Value::List(items)) = body.path("metadata.managedFields").map(|noted| &noted.value) else {
            return Managers::default();
        };
        let of_object = |item: &&Node| item.get("subresource").and_then(Node::text).is_none_or(|part| part != "status");
        let items: Vec<&Node> = items.iter().filter(of_object).collect();
        let is_shared = items.len() > 1;
        let text = |item: &Node, key: &str| item.get(key).and_then(Node::text).cloned().unwrap_or_default();
        let manager = |item: &&Node| Manager {
            name: text(item, "manager"),
            time: text(item, "time"),
            fields: item.get("fieldsV1").filter(|_| is_shared).cloned(),
        };
        Managers(items.iter().map(manager).collect())
    }

    /// Who wrote the field that a JSON Pointer names; of several the last one. Nobody, where it is not there any more.
    pub fn who(&self, pointer: &str) -> Option<&Manager> {
        let wrote = |manager: &&Manager| manager.fields.as_ref().is_none_or(|fields| has(fields, pointer));
        self.0.iter().filter(wrote).max_by(|one, other| one.time.cmp(&other.time))
    }

    /// Who wrote last.
    pub fn last(&self) -> Option<&Manager> {
        self.0.iter().max_by(|one, other| one.time.cmp(&other.time))
    }
}

impl Manager {
    /// Whether a field is one that this program is there to write.
    pub fn is_for(&self, pointer: &str) -> bool {
        let name = self.name.as_str();
        let is_share = pointer.ends_with("/weight") && pointer.contains("/route/");
        (is_share && OF_SHARES.contains(&name)) || (pointer == "/spec/replicas" && OF_SCALE.contains(&name))
    }
}

/// Whether noted fields hold the one that a pointer names: a field below one that is noted as a whole is part of it.
fn has(fields: &Node, pointer: &str) -> bool {
    let mut at = fields;
    for step in pointer.split('/').skip(1) {
        let key = format!("f:{}", step.replace("~1", "/").replace("~0", "~"));
        match at.get(&key) {
            Some(next) => at = next,
            // Items are noted by what tells them apart, or, where a list is one value, not at all.
            None => return at.entries().is_empty() || at.entries().iter().any(|entry| entry.key.starts_with("k:")),
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::Managers;
    use crate::diagnostic::Diagnostics;
    use crate::source::FileId;
    use crate::verbatim::decode;

    fn managers(noted: &str) -> Managers {
        let text = format!("{{metadata: {{managedFields: {noted}}}}}");
        Managers::of(&decode(FileId::new(0), &text, &mut Diagnostics::default()).remove(0))
    }

    #[test]
    fn the_last_who_wrote_a_field_is_told() {
        let managers = managers(
            r#"[{manager: mesh, time: "2026-01-01T00:00:00Z", fieldsV1: {"f:spec": {"f:http": {}, "f:hosts": {}}}},
                {manager: status, subresource: status, time: "2026-03-01T00:00:00Z", fieldsV1: {"f:spec": {}}},
                {manager: kubectl-edit, time: "2026-02-01T00:00:00Z", fieldsV1: {"f:spec": {"f:http": {}}}}]"#,
        );
        let who = |pointer| managers.who(pointer).map(|manager| manager.name.as_str());
        assert_eq!(who("/spec/http/0/timeout"), Some("kubectl-edit"));
        assert_eq!(who("/spec/hosts"), Some("mesh"));
        assert_eq!(who("/spec/gateways"), None);
    }

    #[test]
    fn what_one_alone_wrote_is_his() {
        let managers = managers("[{manager: flagger, time: t, fieldsV1: {}}]");
        assert!(
            managers
                .who("/spec/http/0/route/1/weight")
                .is_some_and(|manager| manager.is_for("/spec/http/0/route/1/weight"))
        );
        assert!(managers.who("/spec/http/0/timeout").is_some_and(|manager| !manager.is_for("/spec/http/0/timeout")));
    }
}
