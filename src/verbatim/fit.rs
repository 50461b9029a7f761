use super::bounds::scalar;
use super::kinds::{CONTROL_PLANE, Kind, List, Type};
use super::merge::key_of;
use super::node::{Entry, Node, Value};
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, nearest};
use crate::source::Span;

/// A field that a kind does not have.
pub static UNKNOWN_FIELD: Code = code!("unknown-field", Error, "a field that the kind does not have");
/// A field that is the cluster's or the compiler's to say.
pub static FIELD_NOT_ALLOWED: Code = code!("field-not-allowed", Error, "a field that is not for people to say");
/// A kind that may not be carried into the mesh, or that no node makes.
pub static KIND_NOT_ALLOWED: Code =
    code!("kind-not-allowed", Error, "a kind that may not be carried into the mesh, or that no node makes");
pub(super) static WRONG_FIELD_TYPE: Code = code!("wrong-field-type", Error, "a value that its field does not take");

/// The faults that this folder finds.
pub static CODES: &[&Code] = &[
    &super::BAD_YAML,
    &UNKNOWN_FIELD,
    &FIELD_NOT_ALLOWED,
    &KIND_NOT_ALLOWED,
    &super::MISSING_FIELD,
    &WRONG_FIELD_TYPE,
];

/// Parts of an object's metadata that Kubernetes has, and that are the cluster's, or a claim on other objects.
const CLAIMED: [&str; 11] = [
    "creationTimestamp",
    "deletionGracePeriodSeconds",
    "deletionTimestamp",
    "finalizers",
    "generateName",
    "generation",
    "managedFields",
    "ownerReferences",
    "resourceVersion",
    "selfLink",
    "uid",
];

/// What says whose an object is, in which order and how it is applied, or whether it is taken away again.
const OURS: [&str; 4] =
    ["mesh.kdl/", "argocd.argoproj.io/", "app.kubernetes.io/managed-by", "app.kubernetes.io/part-of"];
const APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";

/// Holds a tree against the fields of its kind. A patch says no more of the object than what changes.
pub fn fit(node: &Node, kind: &Kind, is_patch: bool, found: &mut Diagnostics) {
    let mut fitting = Fitting { kind, is_patch, found };
    for Entry { key, origin, node } in node.entries() {
        let span = origin.and_then(|origin| origin.span);
        match key.as_str() {
            "apiVersion" | "kind" if is_patch => fitting.not_a_part(key, span),
            "metadata" | "spec" if is_patch && node.value == Value::Null => fitting.whole(key, span),
            "status" => fitting.claimed(key, span),
            "metadata" => fitting.metadata(node),
            _ => {}
        }
    }
    if !matches!(node.value, Value::Map(_)) {
        return fitting.wrong(node, "an object", kind.name);
    }
    let status_aside: Vec<&Entry> = node.entries().iter().filter(|entry| entry.key != "status").collect();
    fitting.entries(&status_aside, kind.fields, kind.name);
}

struct Fitting<'f> {
    kind: &'f Kind,
    is_patch: bool,
    found: &'f mut Diagnostics,
}

impl Fitting<'_> {
    fn not_a_part(&mut self, key: &str, span: Option<Span>) {
        self.found.push(
            Diagnostic::new(&FIELD_NOT_ALLOWED, format!("a patch does not say `{key}`"))
                .at_known(span, "names the object")
                .note("a patch is merged into the object that this node makes, which has its kind and its name")
                .help("take it out"),
        );
    }

    /// A null above fields that are not for people to say.
    fn whole(&mut self, path: &str, span: Option<Span>) {
        let what = match path {
            "spec" => "an object without it is refused, or says nothing, and then whatever it held back is let through",
            _ => {
                "in it stand the fields by which it is known whose the object is, when it is applied, and whether it is taken away again"
            }
        };
        self.found.push(
            Diagnostic::new(&FIELD_NOT_ALLOWED, format!("a patch does not take the whole of `{path}` away"))
                .at_known(span, "with all that stands below it")
                .note(what)
                .help("take away the fields that are meant, each by a `null` of its own"),
        );
    }

    fn claimed(&mut self, key: &str, span: Option<Span>) {
        self.found.push(
            Diagnostic::new(&FIELD_NOT_ALLOWED, format!("`{key}` is not said in a workspace"))
                .at_known(span, "is the cluster's to say, or a claim on other objects")
                .help("take it out"),
        );
    }

    fn metadata(&mut self, metadata: &Node) {
        for Entry { key, origin, node } in metadata.entries() {
            let span = origin.and_then(|origin| origin.span);
            match key.as_str() {
                "name" | "namespace" if self.is_patch => self.not_a_part(key, span),
                "labels" | "annotations" if self.is_patch && node.value == Value::Null => {
                    self.whole(&format!("metadata.{key}"), span);
                }
                "labels" | "annotations" => self.keys(node),
                key if CLAIMED.contains(&key) => self.claimed(key, span),
                _ => {}
            }
        }
    }

    fn keys(&mut self, labels: &Node) {
        for Entry { key, origin, .. } in labels.entries() {
            if OURS.iter().any(|ours| key.starts_with(ours)) || key == APPLIED {
                self.found.push(
                    Diagnostic::new(&FIELD_NOT_ALLOWED, format!("`{key}` is set by the compiler"))
                        .at_known(origin.and_then(|origin| origin.span), "set here")
                        .note(
                            "by it is known whose an object is, when it is applied, and whether it is taken away again",
                        )
                        .help("take it out"),
                );
            }
        }
    }

    fn entries(&mut self, entries: &[&Entry], fields: super::kinds::Struct, path: &str) {
        for Entry { key, origin, node } in entries {
            match fields.field(key) {
                Some(kind) => self.value(node, kind, &format!("{path}.{key}")),
                None if path.ends_with(".metadata") && CLAIMED.contains(&key.as_str()) => {}
                None => self.unknown(key, origin.and_then(|origin| origin.span), fields, path),
            }
        }
    }

    fn unknown(&mut self, key: &str, span: Option<Span>, fields: super::kinds::Struct, path: &str) {
        let names: Vec<&str> = fields.fields().map(|(name, _)| name).collect();
        let fault = Diagnostic::new(&UNKNOWN_FIELD, format!("`{path}` has no field `{key}`"))
            .at_known(span, "there is no such field")
            .note(match self.kind.name {
                CONTROL_PLANE => "the chart would take the value, and nothing would read it".to_owned(),
                kind => format!("Kubernetes would refuse the {kind}, or drop the field without a word"),
            });
        self.found.push(match (nearest(key, names.iter().copied()), span) {
            (Some(near), Some(span)) => fault.fix(format!("did you mean `{near}`?"), span, near),
            (Some(near), None) => fault.help(format!("did you mean `{near}`?")),
            (None, _) => fault.help(format!("it has {}", listed(&names))),
        });
    }

    fn value(&mut self, node: &Node, kind: Type, path: &str) {
        match (&node.value, kind) {
            // Null takes a field away.
            (Value::Null, _)
            | (_, Type::Anything)
            | (Value::Text(_), Type::Text | Type::Quantity)
            | (Value::Integer(_) | Value::Decimal(_), Type::Quantity)
            | (Value::Boolean(_), Type::Boolean) => {}
            (Value::Text(text), Type::Word(words)) => self.word(text, words, node.span(), path),
            (
                Value::Text(_) | Value::Integer(_) | Value::Decimal(_),
                Type::Duration { .. } | Type::Protocol | Type::Integer(_) | Type::Number(_),
            ) => self.found.extend(scalar(node, kind, path)),
            (Value::Map(entries), Type::Struct(fields)) => {
                self.entries(&entries.iter().collect::<Vec<_>>(), fields, path);
            }
            (Value::Map(entries), Type::Map(item)) => {
                for entry in entries {
                    self.value(&entry.node, Type::read(item), &format!("{path}.{}", entry.key));
                }
            }
            (Value::List(items), Type::List(list)) => self.items(items, list, path),
            (_, kind) => self.wrong(node, kind.words(), path),
        }
    }

    fn items(&mut self, items: &[Node], list: List, path: &str) {
        for (at, item) in items.iter().enumerate() {
            let path = format!("{path}[{at}]");
            self.value(item, Type::read(list.item), &path);
            if self.is_patch && !list.key.is_empty() && key_of(item, list.key).is_none() {
                let key = list.key.replace('+', "` and `");
                self.found.push(
                    Diagnostic::new(&WRONG_FIELD_TYPE, format!("`{path}` does not say which item it is"))
                        .at_known(item.span(), format!("has no `{key}`"))
                        .note(format!("the items of this list are merged by their `{key}`"))
                        .help(format!("say the `{key}` of the item that is meant")),
                );
            }
        }
    }

    fn word(&mut self, text: &str, words: &str, span: Option<Span>, path: &str) {
        let words: Vec<&str> = words.split('|').collect();
        if words.contains(&text) {
            return;
        }
        let fault = Diagnostic::new(&WRONG_FIELD_TYPE, format!("`{path}` does not take `{text}`"))
            .at_known(span, "not one of its words");
        self.found.push(match (nearest(text, words.iter().copied()), span) {
            (Some(near), Some(span)) => fault.fix(format!("did you mean `{near}`?"), span, near),
            _ => fault.help(format!("it takes {}", listed(&words))),
        });
    }

    fn wrong(&mut self, node: &Node, expected: &str, path: &str) {
        let fault = super::bounds::of_another_type(node, expected, path);
        let is_scalar = matches!(node.value, Value::Integer(_) | Value::Decimal(_) | Value::Boolean(_));
        self.found.push(match node.span().filter(|_| expected == Type::Text.words() && is_scalar) {
            Some(span) => fault.fix_around("make a text of it", span, ("\"", "\"")),
            None => fault.help(format!("write {expected}")),
        });
    }
}

pub(super) fn listed(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

impl Type {
    /// What it holds, as messages say it.
    pub(super) const fn words(self) -> &'static str {
        match self {
            Type::Text => "a text",
            Type::Duration { .. } => "a duration such as `5s`",
            Type::Protocol => "a protocol",
            Type::Integer(_) => "a whole number",
            Type::Number(_) => "a number",
            Type::Boolean => "`true` or `false`",
            Type::Quantity => "a number or a text",
            Type::Anything => "anything",
            Type::Word(_) => "one of its words",
            Type::Struct(_) | Type::Map(_) => "a map",
            Type::List(_) => "a list",
        }
    }
}
