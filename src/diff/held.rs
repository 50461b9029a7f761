use super::Object;
use crate::diagnostic::Diagnostics;
use crate::source::FileId;
use crate::verbatim::{self, Entry, Head, Node, Outline, Unread, Value};
use smol_str::SmolStr;
use std::sync::Arc;

/// What a document of a file holds.
#[derive(Debug, Default)]
pub struct Held {
    /// Its objects: itself, or those of a list.
    pub objects: Vec<Object>,
    /// Whether it is, or has, something else.
    pub has_others: bool,
    /// Whether it is a page of a list that goes on.
    pub is_cut: bool,
    /// The kind of its objects, where it is a list of one kind, also of none.
    pub kind: Option<SmolStr>,
}

impl Held {
    /// What the documents of a file hold; the objects of one as tools write it are read where somebody asks for them.
    pub fn read(file: FileId, text: &Arc<str>, found: &mut Diagnostics) -> Vec<Self> {
        let kind = |head: &Head<'_>| head.whole().get("kind").and_then(Outline::text);
        let is_list = |head: &Head<'_>| kind(head).is_some_and(|kind| kind.ends_with("List"));
        match verbatim::skim(file, text).filter(|documents| !documents.iter().any(|(head, _)| is_list(head))) {
            Some(documents) => documents.into_iter().map(|(head, rest)| Held::named(&head, rest)).collect(),
            None => verbatim::decode(file, text, found).into_iter().map(Held::of).collect(),
        }
    }

    fn named(head: &Head<'_>, rest: Unread) -> Self {
        let object = Object::unread(head, rest);
        Held { has_others: object.is_none(), objects: object.into_iter().collect(), ..Held::default() }
    }

    /// Takes a document apart.
    pub fn of(document: Node) -> Self {
        let mut held = Held::default();
        let kind = document.get("kind").and_then(Node::text).cloned().unwrap_or_default();
        let Some(of) = kind.strip_suffix("List").filter(|_| document.get("items").is_some()) else {
            held.take(document);
            return held;
        };
        let rest = document.path("metadata.continue").and_then(Node::text);
        held.is_cut = rest.is_some_and(|rest| !rest.is_empty());
        held.kind = (!of.is_empty()).then(|| of.into());
        let api = document.get("apiVersion").cloned();
        let Value::Map(entries) = document.value else { return held };
        let items = entries.into_iter().find(|entry| entry.key == "items").map(|entry| entry.node.value);
        for mut item in if let Some(Value::List(items)) = items { items } else { Vec::new() } {
            if let (Some(kind), Some(api)) = (&held.kind, &api) {
                say(&mut item, "kind", Value::Text(kind.clone()));
                say(&mut item, "apiVersion", api.value.clone());
            }
            held.take(item);
        }
        held
    }

    fn take(&mut self, body: Node) {
        let origin = body.origin;
        match Object::of(body, origin) {
            Some(object) => self.objects.push(object),
            None => self.has_others = true,
        }
    }
}

/// Items of a list of one kind need not repeat it.
fn say(item: &mut Node, key: &str, value: Value) {
    let origin = item.origin;
    if let Value::Map(entries) = &mut item.value
        && entries.iter().all(|entry| entry.key != key)
    {
        entries.insert(0, Entry { key: key.into(), origin, node: Node { value, origin } });
    }
}

#[cfg(test)]
mod tests {
    use super::Held;
    use crate::diagnostic::Diagnostics;
    use crate::source::FileId;
    use crate::verbatim::decode;

    fn held(text: &str) -> Held {
        let mut found = Diagnostics::default();
        let document = decode(FileId::new(0), text, &mut found).remove(0);
        assert!(!found.any_error());
        Held::of(document)
    }

    #[test]
    fn lists_are_taken_apart() {
        let list = held(
            "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Service, metadata: {name: a}}\n- {kind: x}",
        );
        assert_eq!((list.objects.len(), list.has_others, list.is_cut), (1, true, false));
        let list = held(
            "{apiVersion: networking.istio.io/v1, kind: GatewayList, metadata: {continue: x}, items: [{metadata: {name: a, namespace: b}}]}",
        );
        assert_eq!(list.objects[0].id.to_string(), "Gateway/b/a");
        assert_eq!(list.objects[0].id.group, "networking.istio.io");
        assert!(list.is_cut);
        let list = held("{apiVersion: networking.istio.io/v1, kind: SidecarList, items: []}");
        assert_eq!((list.objects.len(), list.kind.as_deref()), (0, Some("Sidecar")));
        assert!(held("{apiVersion: kustomize.config.k8s.io/v1beta1, kind: Kustomization, resources: [a]}").has_others);
    }
}
