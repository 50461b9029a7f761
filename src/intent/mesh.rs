use super::body::{self, Body};
use super::codes::{MISSING_NODE, MISSING_PROPERTY, UNSUPPORTED_LANGUAGE};
use super::decode::{Decoder, argument, arguments, property, set};
use super::from_text::BAD_SELECTOR;
use super::grammar::{MANY, Place, Repeats, Word};
use super::{Said, environment};
use crate::diagnostic::Diagnostic;
use crate::source::Spanned;
use crate::syntax::{Entry, Node, Value};
use crate::value::{Host, Label, Name, Target, is_label_key};
use smol_str::SmolStr;

/// A row of a setting of the mesh with one argument.
const fn row(name: &'static str, shape: &'static str, meaning: &'static str) -> Word {
    let (arguments, properties, block) = ((1, 1), &[], None);
    Word { name, places: &[Place::Mesh], shape, arguments, properties, block, repeats: Repeats::Once, meaning }
}

pub(super) const WORDS: &[Word] = &[
    Word {
        arguments: (2, 2),
        ..row("target", "istio VERSION", "The release whose API is spoken: `target istio \"1.30\"`.")
    },
    Word {
        block: Some(Place::TrustDomain),
        ..row(
            "trust-domain",
            "HOST { alias HOST+ }",
            "The trust domain of every identity; `cluster.local` unless said.",
        )
    },
    Word {
        places: &[Place::TrustDomain],
        arguments: (1, MANY),
        ..row("alias", "HOST+", "Trust domains whose identities count as ours, while a mesh is renamed.")
    },
    row("cluster-domain", "HOST", "The domain of the cluster's services; `cluster.local` unless said."),
    row("root-namespace", "NAME", "The namespace of the control plane; `istio-system` unless said."),
    row("pod-label", "KEY", "The label by which a service's pods are found; `app` unless said."),
    row("version-label", "KEY", "The label by which a version's pods are found; `version` unless said."),
];

/// `mesh NAME language=1 { }`.
#[derive(Clone, Debug)]
pub struct Mesh {
    /// The name of the project.
    pub name: Spanned<Name>,
    /// What holds of the whole mesh.
    pub settings: Settings,
    /// `var`.
    pub variables: Vec<(Spanned<SmolStr>, Spanned<SmolStr>)>,
    /// Defaults of all services.
    pub body: Body,
}

/// What holds of the whole mesh, and is no default of a service.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// `target istio VERSION`.
    pub target: Said<Target>,
    /// `trust-domain`.
    pub trust_domain: Said<Host>,
    /// `alias` in it.
    pub trust_aliases: Vec<Spanned<Host>>,
    /// `cluster-domain`.
    pub cluster_domain: Said<Host>,
    /// `root-namespace`.
    pub root_namespace: Said<Label>,
    /// `pod-label`.
    pub pod_label: Said<SmolStr>,
    /// `version-label`.
    pub version_label: Said<SmolStr>,
}

/// Reads `mesh`.
pub(super) fn decode(decoder: &mut Decoder<'_>, node: &Node<'_>) -> Option<Mesh> {
    let name = decoder.value(argument(node, 0)?);
    language(decoder, node);
    let (settings, body) = (Settings::default(), Body::empty(node.span));
    let mut mesh = Mesh { name: name?, settings, variables: Vec::new(), body };
    let mut has_target = false;
    decoder.children(node, Place::Mesh, |decoder, word, child| {
        has_target |= word.name == "target";
        match word.name {
            "var" => environment::variable(decoder, &mut mesh.variables, child),
            _ if is_setting(word) => setting(decoder, &mut mesh.settings, word, child),
            _ => body::take(decoder, &mut mesh.body, (word, Place::Mesh), child),
        }
    });
    if !has_target {
        decoder.found.push(
            Diagnostic::new(&MISSING_NODE, "`mesh` needs its target")
                .at(node.name.span, "no `target` in this block")
                .note("the release decides which fields exist, so nothing can be compiled without it")
                .help("add `target istio \"1.30\"`"),
        );
    }
    Some(mesh)
}

/// Whether a word of `mesh` is one of its settings.
pub(super) fn is_setting(word: &Word) -> bool {
    WORDS.iter().any(|row| row.name == word.name)
}

/// Reads one setting.
pub(super) fn setting(decoder: &mut Decoder<'_>, settings: &mut Settings, word: &'static Word, node: &Node<'_>) {
    match word.name {
        "target" => {
            let said = target(decoder, node);
            set(decoder, &mut settings.target, "`target`", said);
        }
        "trust-domain" => {
            let said = argument(node, 0).and_then(|entry| domain(decoder, entry));
            set(decoder, &mut settings.trust_domain, "`trust-domain`", said);
            decoder.children(node, Place::TrustDomain, |decoder, _, child| {
                settings.trust_aliases.extend(arguments(child).filter_map(|entry| domain(decoder, entry)));
            });
        }
        "cluster-domain" => {
            let said = argument(node, 0).and_then(|entry| domain(decoder, entry));
            set(decoder, &mut settings.cluster_domain, "`cluster-domain`", said);
        }
        "root-namespace" => {
            let said = argument(node, 0).and_then(|entry| decoder.value(entry));
            set(decoder, &mut settings.root_namespace, "`root-namespace`", said);
        }
        "pod-label" => {
            let said = argument(node, 0).and_then(|entry| label_key(decoder, entry));
            set(decoder, &mut settings.pod_label, "`pod-label`", said);
        }
        _ => {
            let said = argument(node, 0).and_then(|entry| label_key(decoder, entry));
            set(decoder, &mut settings.version_label, "`version-label`", said);
        }
    }
}

fn domain(decoder: &mut Decoder<'_>, entry: &Entry<'_>) -> Said<Host> {
    decoder.value(entry)
}

fn label_key(decoder: &mut Decoder<'_>, entry: &Entry<'_>) -> Said<SmolStr> {
    let key = decoder.text(entry)?;
    if is_label_key(&key.value) {
        return Some(key.map(|key| key.as_ref().into()));
    }
    let title = format!("expected the key of a label, found `{}`", key.value);
    decoder.found.push(Diagnostic::new(&BAD_SELECTOR, title).at(key.span, "Kubernetes takes `[prefix/]name`"));
    None
}

fn target(decoder: &mut Decoder<'_>, node: &Node<'_>) -> Said<Target> {
    let (product, version) = (argument(node, 0)?, argument(node, 1)?);
    decoder.choice(product, &[("istio", ())])?;
    decoder.value(version)
}

fn language(decoder: &mut Decoder<'_>, node: &Node<'_>) {
    let Some(entry) = property(node, "language") else {
        let head = node.entries.iter().fold(node.name.span, |span, entry| span.to(entry.span));
        decoder.found.push(
            Diagnostic::new(&MISSING_PROPERTY, "`mesh` needs the version of the language")
                .at(head, "no `language=` here")
                .fix("the version that this program reads is 1", head.end(), " language=1"),
        );
        return;
    };
    match entry.value {
        Value::Integer(1) => {}
        Value::Integer(number) => decoder.found.push(
            Diagnostic::new(&UNSUPPORTED_LANGUAGE, format!("expected language 1, found `{number}`"))
                .at(entry.value_span, "this program reads language 1")
                .help("use a newer `mesh`, or say `language=1`"),
        ),
        Value::String(_) | Value::Decimal(_) | Value::Boolean(_) | Value::Null => {
            decoder.wrong_type(entry, "a whole number")
        }
    }
}
