//! Whole objects: what names them, and whether they may be carried into the mesh.

use super::fit::{KIND_NOT_ALLOWED, WRONG_FIELD_TYPE, fit};
use super::kinds::{self, Door, Kind};
use super::lack::{Lack, lacks};
use super::node::{Node, Value};
use super::pods;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, nearest};
use crate::source::{Span, Spanned};
use smol_str::SmolStr;

/// An object without what it needs.
pub static MISSING_FIELD: Code = code!("missing-field", Error, "an object without what it needs");

/// An object that may be carried into the mesh.
#[derive(Clone, Debug)]
pub struct Object {
    /// Its kind.
    pub kind: &'static Kind,
    /// Its name.
    pub name: Spanned<SmolStr>,
    /// Its namespace, if it says one.
    pub namespace: Option<Spanned<SmolStr>>,
    /// All of it.
    pub body: Node,
}

/// Reads an object that comes by `door` and stands at `whole`; with a fault nothing.
pub fn object(body: Node, door: Door, whole: Span, found: &mut Diagnostics) -> Option<Object> {
    let mut own = Diagnostics::default();
    let read = read(body, door, whole, &mut own);
    let is_whole = !own.any_error();
    found.append(own);
    read.filter(|_| is_whole)
}

fn read(body: Node, door: Door, whole: Span, found: &mut Diagnostics) -> Option<Object> {
    let place = body.span().unwrap_or(whole);
    let api = named(&body, "apiVersion", place, found);
    let kind = named(&body, "kind", place, found);
    let name = named(&body, "metadata.name", place, found);
    let (api, kind) = (api?, kind?);
    let kind = known(&api, &kind, door, found)?;
    fit(&body, kind, false, found);
    pods::judge(&body, kind, found);
    found.extend(lacks(&body, kind).iter().map(|lack| incomplete(lack, place)));
    let namespace = body.path("metadata.namespace").map(|_| named(&body, "metadata.namespace", place, found));
    let namespace = match namespace {
        Some(said) => Some(said?),
        None => None,
    };
    let name = name?;
    check_name(&name, LONGEST_NAME, found);
    if let Some(namespace) = &namespace {
        check_name(namespace, LONGEST_LABEL, found);
    }
    Some(Object { kind, name, namespace, body })
}

/// Kubernetes' limit for the name of an object.
const LONGEST_NAME: usize = 253;
/// Kubernetes' limit for the name of a namespace.
const LONGEST_LABEL: usize = 63;

/// The text of a field that names the object.
fn named(body: &Node, path: &str, place: Span, found: &mut Diagnostics) -> Option<Spanned<SmolStr>> {
    let Some(node) = body.path(path).filter(|node| node.value != Value::Null) else {
        found.push(missing(path, place));
        return None;
    };
    match node.text() {
        Some(text) => Some(Spanned::new(text.clone(), node.span().unwrap_or(place))),
        // The types of all other fields are judged with the kind.
        None if path.contains('.') => None,
        None => {
            found.push(
                Diagnostic::new(
                    &WRONG_FIELD_TYPE,
                    format!("expected a text in `{path}`, found {}", node.value.words()),
                )
                .at(node.span().unwrap_or(place), "names the object")
                .help("write a text"),
            );
            None
        }
    }
}

fn incomplete(Lack { path, what, span }: &Lack, place: Span) -> Diagnostic {
    Diagnostic::new(&MISSING_FIELD, format!("`{path}` needs {what}"))
        .at(span.unwrap_or(place), "does not say it")
        .note("the API server or istiod refuses the object without it, and nothing that is applied with it gets there")
        .help("say it")
}

/// An object that lacks a field.
pub fn missing(path: &str, place: Span) -> Diagnostic {
    Diagnostic::new(&MISSING_FIELD, format!("an object needs `{path}`"))
        .at(place, format!("has no `{path}`"))
        .note("an object is known by its API, its kind, its namespace and its name")
        .help(format!("say its `{path}`"))
}

/// A name becomes the name of a file as well, so it is held against what Kubernetes takes before anything is done.
fn check_name(name: &Spanned<SmolStr>, longest: usize, found: &mut Diagnostics) {
    let is_edge = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let is_part = |part: &str| {
        let bytes = part.as_bytes();
        let edges = [bytes.first(), bytes.last()].into_iter().all(|byte| byte.is_some_and(|byte| is_edge(*byte)));
        edges && bytes.iter().all(|byte| is_edge(*byte) || *byte == b'-')
    };
    let has_dots = longest > LONGEST_LABEL || !name.value.contains('.');
    if has_dots && name.value.len() <= longest && name.value.split('.').all(is_part) {
        return;
    }
    found.push(
        Diagnostic::new(&WRONG_FIELD_TYPE, format!("`{}` is no name of an object", name.value.escape_debug()))
            .at(name.span, "Kubernetes would refuse it")
            .help(format!(
                "write at most {longest} lower-case letters, digits, `-` and, in the name of an object, `.`"
            )),
    );
}

fn known(
    api: &Spanned<SmolStr>,
    name: &Spanned<SmolStr>,
    door: Door,
    found: &mut Diagnostics,
) -> Option<&'static Kind> {
    let kind = kinds::kind(&api.value, &name.value);
    if let Some(kind) = kind.filter(|kind| kind.comes_by(door)) {
        return Some(kind);
    }
    let names = kinds::names(door);
    let fault =
        Diagnostic::new(&KIND_NOT_ALLOWED, format!("`{} {}` is not carried into the mesh", api.value, name.value));
    let fault = match (kind, names.get(name.value.as_str())) {
        (Some(kind), _) if kind.name == "Namespace" => {
            fault.at(name.span, "a namespace has a word of its own").help("declare it: `namespace NAME`")
        }
        (Some(_), _) => fault
            .at(name.span, "decides who may call, where traffic goes, or what runs")
            .note("a template is asked for by a word on many pages, and nobody reads what it made of each")
            .help("say it in the words of the language, or write the object itself: `raw`"),
        (None, Some(apis)) => versions(fault, api, apis),
        (None, None) => unknown(fault, name, names.keys().copied()),
    };
    found.push(fault);
    None
}

fn versions(fault: Diagnostic, api: &Spanned<SmolStr>, apis: &[&'static str]) -> Diagnostic {
    let fault = fault.at(api.span, "the kind is not of this API");
    match apis {
        [one] => fault.fix(format!("its API is `{one}`"), api.span, *one),
        several => {
            let listed: Vec<String> = several.iter().map(|api| format!("`{api}`")).collect();
            fault.help(format!("its API is one of {}", listed.join(", ")))
        }
    }
}

fn unknown(
    fault: Diagnostic,
    name: &Spanned<SmolStr>,
    names: impl Iterator<Item = &'static str> + Clone,
) -> Diagnostic {
    let fault = fault
        .at(name.span, "not one of the kinds whose fields are known")
        .note("what runs code, holds secrets or gives rights comes from elsewhere: who may write these pages could give himself all of them");
    match nearest(&name.value, names.clone()) {
        Some(near) => fault.fix(format!("did you mean `{near}`?"), name.span, near),
        None => {
            let listed: Vec<String> = names.map(|name| format!("`{name}`")).collect();
            fault.help(format!("it may be one of {}", listed.join(", ")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Door, object};
    use crate::diagnostic::Diagnostics;
    use crate::source::{FileId, Span};
    use crate::verbatim::{Text, read};

    fn codes(text: &str, door: Door) -> Vec<&'static str> {
        let mut found = Diagnostics::default();
        let text = Text::of_file(FileId::new(0), text);
        for body in read(&text, &mut found).unwrap() {
            object(body, door, Span::new(FileId::new(0), 0, 0), &mut found);
        }
        found.sorted().iter().map(|fault| fault.code.name).collect()
    }

    #[test]
    fn names_that_would_be_paths_are_refused() {
        for name in ["../x", ".", "a/b", "A", "-a", "a..b", "''", "\"a\\nb\"", "\"\\0\"", "a_b"] {
            let text = format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}, namespace: shop}}");
            assert_eq!(codes(&text, Door::Raw), ["wrong-field-type"], "{name}");
        }
        let long = "a".repeat(254);
        for (name, namespace) in [(long.as_str(), "shop"), ("a", "../shop"), ("a", "shop.ops")] {
            let text = format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}, namespace: {namespace}}}");
            assert_eq!(codes(&text, Door::Raw), ["wrong-field-type"], "{name} {namespace}");
        }
    }

    #[test]
    fn kinds_that_give_rights_are_refused() {
        for (kind, api) in [
            ("Secret", "v1"),
            ("Pod", "v1"),
            ("ClusterRoleBinding", "rbac.authorization.k8s.io/v1"),
            ("CustomResourceDefinition", "apiextensions.k8s.io/v1"),
            ("ValidatingWebhookConfiguration", "admissionregistration.k8s.io/v1"),
            ("Gateway", "gateway.networking.k8s.io/v1"),
            ("Job", "batch/v1"),
            ("Application", "argoproj.io/v1alpha1"),
            ("List", "v1"),
            ("Namespace", "v1"),
        ] {
            let text = format!("apiVersion: {api}\nkind: {kind}\nmetadata: {{name: x, namespace: shop}}");
            assert_eq!(codes(&text, Door::Raw), ["kind-not-allowed"], "{kind}");
        }
        let text = "apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: {name: x}\nspec: {}";
        assert!(codes(text, Door::Raw).is_empty());
        assert_eq!(codes(text, Door::Template), ["kind-not-allowed"]);
    }
}
