use super::Said;
use super::decode::{Decoder, argument, property};
use super::grammar::{Place, Repeats, Word};
use super::waiver::{self, Waiver};
use crate::diagnostic::{Diagnostic, Diagnostics, nearest};
use crate::source::{Span, Spanned};
use crate::syntax::{Entry, Node};
use crate::verbatim::{self, BAD_YAML, CONTROL_PLANE, FIELD_NOT_ALLOWED, KIND_NOT_ALLOWED, Kind};
use smol_str::SmolStr;
use std::collections::BTreeSet;

pub(super) const WORDS: &[Word] = &[Word {
    name: "patch",
    places: &[Place::Mesh, Place::Namespace, Place::Service, Place::Gateway, Place::External],
    shape: "KIND YAML name=NAME reason=TEXT until=DATE",
    arguments: (2, 2),
    properties: &["name", "reason", "until"],
    block: None,
    repeats: Repeats::Adds,
    meaning: "Fields merged into the object of this kind that the node makes, by the keys of its lists; null takes a field away. In `mesh` the kind is `control-plane`: the values of its installation. The last resort: what it says is Istio's, not the language's.",
}];

/// `patch KIND YAML`.
#[derive(Clone, Debug)]
pub struct Patch {
    /// The kind of the object.
    pub kind: Spanned<&'static Kind>,
    /// The name of the object; none: there is one.
    pub name: Said<SmolStr>,
    /// What is merged into it.
    pub body: verbatim::Node,
    /// Why, and until when.
    pub waiver: Option<Box<Waiver>>,
    /// The node's word and kind.
    pub span: Span,
    /// All of it.
    pub whole: Span,
}

/// Reads `patch`.
pub(super) fn decode(decoder: &mut Decoder<'_>, node: &Node<'_>, place: Place) -> Option<Patch> {
    let kind = argument(node, 0).and_then(|entry| kind(decoder, entry, place));
    let name = property(node, "name").and_then(|entry| decoder.value(entry));
    let waiver = waiver::decode(decoder, node);
    let body = argument(node, 1).and_then(|entry| body(decoder, entry));
    let (kind, body) = (kind?, body?);
    verbatim::fit(&body, kind.value, true, decoder.found);
    if kind.value.name == CONTROL_PLANE {
        said_by_words(&body, decoder.found);
    }
    let span = node.name.span.to(kind.span);
    Some(Patch { kind, name, body, waiver, span, whole: node.span })
}

fn kind(decoder: &mut Decoder<'_>, entry: &Entry<'_>, place: Place) -> Said<&'static Kind> {
    let said = decoder.value::<SmolStr>(entry)?;
    let known = match place == Place::Mesh {
        true => verbatim::control_plane().filter(|_| said.value == CONTROL_PLANE),
        false => verbatim::is_patched(&said.value),
    };
    if let Some(kind) = known {
        return Some(Spanned::new(kind, said.span));
    }
    if place == Place::Mesh || said.value == CONTROL_PLANE {
        decoder.found.push(elsewhere(&said, place));
        return None;
    }
    let fault = Diagnostic::new(&KIND_NOT_ALLOWED, format!("no node makes a `{}` that could be patched", said.value))
        .at(said.span, "not a kind that is made from intent");
    let near = nearest(&said.value, verbatim::patched());
    decoder.found.push(match near {
        Some(near) => fault.fix(format!("did you mean `{near}`?"), said.span, near),
        None => fault.help("write the whole object: `raw`"),
    });
    None
}

/// Values of the control plane that the compiled objects rely on, each with the word that says it.
const RELIED_ON: [(&str, &str); 7] = [
    ("meshConfig.trustDomain", "trust-domain"),
    ("meshConfig.trustDomainAliases", "trust-domain"),
    ("meshConfig.rootNamespace", "root-namespace"),
    ("meshConfig.pathNormalization", "path-normalization"),
    ("meshConfig.outboundTrafficPolicy", "egress"),
    ("meshConfig.enableAutoMtls", "mtls"),
    ("meshConfig.extensionProviders", "provider"),
];

/// What may be added to, but not taken away.
const ADDED_TO: &str = "meshConfig.extensionProviders";

fn said_by_words(body: &verbatim::Node, found: &mut Diagnostics) {
    let mut nulls = BTreeSet::new();
    for (path, word) in RELIED_ON {
        if let Some((above, node)) = null_above(body, path) {
            if nulls.insert(above) {
                found.push(taken_away(above, node));
            }
        } else if let Some(node) = body.path(path).filter(|_| path != ADDED_TO) {
            found.push(
                Diagnostic::new(&FIELD_NOT_ALLOWED, format!("`{path}` is said by the word `{word}`"))
                    .at_known(node.span(), "the objects that are compiled rely on it")
                    .note("a control plane that is told otherwise than they take for granted lets others in, or nobody")
                    .help(format!("take it out, and say `{word}`")),
            );
        }
    }
}

/// The null that takes away what stands at `path`, by itself or with all that is around it.
fn null_above<'n, 'p>(body: &'n verbatim::Node, path: &'p str) -> Option<(&'p str, &'n verbatim::Node)> {
    let ends = path.match_indices('.').map(|(at, _)| at);
    let above = ends.filter_map(|end| path.get(..end)).chain((path == ADDED_TO).then_some(path));
    above.filter_map(|path| Some((path, body.path(path)?))).find(|(_, node)| node.value == verbatim::Value::Null)
}

fn taken_away(path: &str, node: &verbatim::Node) -> Diagnostic {
    let below: Vec<String> = RELIED_ON
        .iter()
        .filter(|(relied, _)| relied.starts_with(path))
        .map(|(relied, word)| format!("`{relied}` (`{word}`)"))
        .collect();
    Diagnostic::new(&FIELD_NOT_ALLOWED, format!("a patch does not take the whole of `{path}` away"))
        .at_known(node.span(), "with what the compiled objects rely on")
        .note(format!("words say of it {}; without them the control plane lets others in, or nobody", below.join(", ")))
        .help("take away the fields that are meant, each by a `null` of its own")
}

/// A kind that is patched at another node, or at none.
fn elsewhere(said: &Spanned<SmolStr>, place: Place) -> Diagnostic {
    let is_known = verbatim::is_patched(&said.value).is_some();
    if place != Place::Mesh {
        return Diagnostic::new(&KIND_NOT_ALLOWED, "`control-plane` is patched in `mesh`")
            .at(said.span, "not made by this node")
            .note("there is one installation of the control plane for the whole mesh")
            .help("move it into the block of `mesh`");
    }
    let fault = Diagnostic::new(&KIND_NOT_ALLOWED, format!("`mesh` makes no `{}` that could be patched", said.value))
        .at(said.span, "of `mesh` the values of the control plane are patched alone");
    match is_known {
        true => fault.help("patch it in the service, namespace, gateway or external whose it is"),
        false => fault.help(format!("write `patch {CONTROL_PLANE}`, or the whole object: `raw`")),
    }
}

fn body(decoder: &mut Decoder<'_>, entry: &Entry<'_>) -> Option<verbatim::Node> {
    let text = decoder.quoted(entry)?;
    let mut documents = verbatim::read(&text, decoder.found)?;
    if documents.len() == 1 {
        return documents.pop();
    }
    let what = if documents.is_empty() { "nothing" } else { "several documents" };
    decoder.found.push(
        Diagnostic::new(&BAD_YAML, format!("expected the fields of one object, found {what}"))
            .at(entry.value_span, "the text of the patch")
            .help("write the part of the object that changes, from `spec:` down"),
    );
    None
}
