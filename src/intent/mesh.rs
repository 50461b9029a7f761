use super::access::list;
use super::authorizer::{self, Authorizer};
use super::body::{self, Body};
use super::codes::{MISSING_NODE, UNSUPPORTED_LANGUAGE};
use super::decode::{Decoder, argument, push_keyed};
use super::grammar::{MANY, Place, Word};
use super::group::named_peers;
use super::peer::Peer;
use super::provider::{self, Provider};
use super::words::Removal;
use super::{Said, environment, selector};
use crate::diagnostic::Diagnostic;
use crate::source::Spanned;
use crate::syntax::{Node, Value};
use crate::value::{Cidr, Duration, Host, Label, Name, Target};
use smol_str::SmolStr;

/// A row of a setting of the mesh with one argument.
const fn row(name: &'static str, shape: &'static str, meaning: &'static str) -> Word {
    Word::once(name, &[Place::Mesh], shape, meaning)
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
    row("certificate-lifetime", "DURATION", "How long the certificate of a pod lasts; 24h unless said."),
    row(
        "path-normalization",
        "base | merge-slashes | decode-and-merge-slashes",
        "What is done to a path before a rule sees it; `decode-and-merge-slashes` unless said, and the others let spellings pass.",
    ),
    Word {
        arguments: (1, MANY),
        ..row("monitoring", "PEER+", "Who scrapes the proxies and is the peer `monitoring`; unset, any pod may scrape.")
    },
    Word {
        arguments: (1, MANY),
        ..row("kube-api", "CIDR+", "Where the API server is; unset, any address on the ports 443 and 6443.")
    },
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
    /// `certificate-lifetime`.
    pub certificate_lifetime: Said<Duration>,
    /// `path-normalization`.
    pub path_normalization: Said<PathNormalization>,
    /// `monitoring`.
    pub monitoring: Said<Vec<Spanned<Peer>>>,
    /// `kube-api`.
    pub kube_api: Said<Vec<Spanned<Cidr>>>,
    /// `authorizer`.
    pub authorizers: Vec<Authorizer>,
    /// `provider`.
    pub providers: Vec<Provider>,
    /// `-authorizer NAME` and `-provider NAME`.
    pub removals: Vec<Removal>,
    /// `pod-label`.
    pub pod_label: Said<SmolStr>,
    /// `version-label`.
    pub version_label: Said<SmolStr>,
}

/// What is done to a path before a rule sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PathNormalization {
    /// `.`, `..`, `\\` and escaped letters.
    Base,
    /// The same, and `//` is one `/`.
    MergeSlashes,
    /// The same, and `%2f` and `%5c` are `/` before.
    DecodeAndMergeSlashes,
}

/// Reads `mesh`.
pub(super) fn decode(decoder: &mut Decoder<'_>, node: &Node<'_>) -> Option<Mesh> {
    let name = decoder.name(argument(node, 0)?);
    language(decoder, node);
    let (mut settings, mut variables, mut body) = (Settings::default(), Vec::new(), Body::empty(node.span));
    let has_target = node.children().iter().any(|child| child.name.value == "target");
    let knows_all = decoder.children(node, Place::Mesh, |decoder, word, child| match word.name {
        "var" => environment::variable(decoder, &mut variables, child),
        _ if is_setting(word) => setting(decoder, &mut settings, word, child),
        _ => body::take(decoder, &mut body, (word, Place::Mesh), child),
    });
    // A word that nobody knows may be a mistyped `target`.
    if !has_target && knows_all {
        decoder.found.push(
            Diagnostic::new(&MISSING_NODE, "`mesh` needs its target")
                .at(node.name.span, "no `target` in this block")
                .note("the release decides which fields exist, so nothing can be compiled without it")
                .help("add `target istio \"1.30\"`"),
        );
    }
    Some(Mesh { name: name?, settings, variables, body })
}

/// Whether a word of `mesh` is one of its settings.
pub(super) fn is_setting(word: &Word) -> bool {
    let rows = WORDS.iter().chain(authorizer::WORDS).chain(provider::WORDS);
    rows.filter(|row| row.places.contains(&Place::Mesh)).any(|row| row.name == word.name)
}

/// Reads one setting.
pub(super) fn setting(decoder: &mut Decoder<'_>, settings: &mut Settings, word: &'static Word, node: &Node<'_>) {
    let Some(entry) = argument(node, 0) else { return };
    if node.name.value.starts_with('-') {
        settings.removals.append(&mut body::removals(decoder, word, node));
        return;
    }
    match word.name {
        "path-normalization" => settings.path_normalization = decoder.choice(entry, &NORMALIZATIONS),
        "monitoring" => {
            settings.monitoring = Some(Spanned::new(named_peers(decoder, node, "`monitoring`"), node.span));
        }
        "kube-api" => settings.kube_api = Some(list(decoder, node)),
        "authorizer" => {
            if let Some(said) = authorizer::decode(decoder, node) {
                push_keyed(decoder, &mut settings.authorizers, "this `authorizer`", said, |said| &said.name);
            }
        }
        "provider" => {
            if let Some(said) = provider::decode(decoder, node) {
                push_keyed(decoder, &mut settings.providers, "this `provider`", said, |said| &said.name);
            }
        }
        "target" => settings.target = target(decoder, node),
        "trust-domain" => {
            settings.trust_domain = decoder.value(entry);
            decoder.children(node, Place::TrustDomain, |decoder, _, child| {
                settings.trust_aliases = list(decoder, child).value;
            });
        }
        "cluster-domain" => settings.cluster_domain = decoder.value(entry),
        "root-namespace" => settings.root_namespace = decoder.value(entry),
        "certificate-lifetime" => settings.certificate_lifetime = decoder.value(entry),
        "pod-label" => settings.pod_label = selector::key(decoder, entry),
        _ => settings.version_label = selector::key(decoder, entry),
    }
}

const NORMALIZATIONS: [(&str, PathNormalization); 3] = [
    ("base", PathNormalization::Base),
    ("merge-slashes", PathNormalization::MergeSlashes),
    ("decode-and-merge-slashes", PathNormalization::DecodeAndMergeSlashes),
];

fn target(decoder: &mut Decoder<'_>, node: &Node<'_>) -> Said<Target> {
    let (product, version) = (argument(node, 0)?, argument(node, 1)?);
    decoder.choice(product, &[("istio", ())])?;
    decoder.value(version)
}

fn language(decoder: &mut Decoder<'_>, node: &Node<'_>) {
    let fix = |fault: Diagnostic, end| fault.fix("the version that this program reads is 1", end, " language=1");
    let Some(entry) = decoder.required(node, "language", fix) else { return };
    match entry.value {
        Value::Integer(1) => {}
        Value::Integer(number) => decoder.found.push(
            Diagnostic::new(&UNSUPPORTED_LANGUAGE, format!("expected language 1, found `{number}`"))
                .at(entry.value_span, "this program reads language 1")
                .help("use a newer `mesh`, or say `language=1`"),
        ),
        Value::String(_) | Value::Decimal(_) | Value::Boolean(_) | Value::Null => {
            decoder.wrong_type(entry, "a whole number");
        }
    }
}
