use super::codes::MISPLACED_NODE;
use super::decode::{Decoder, argument};
use super::grammar::{Place, Repeats, Word};
use super::scope::Scope;
use super::{Environment, Gateway, Mesh, Namespace, Profile, Service, Workload};
use super::{environment, gateway, mesh, namespace, overlay, profile, service};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::source::Spanned;
use crate::syntax::{Document, Node, Value};
use smol_str::SmolStr;

/// A row of a node outside all blocks.
const fn row(name: &'static str, shape: &'static str, block: Place, meaning: &'static str) -> Word {
    let (arguments, properties) = ((1, 1), &["namespace"]);
    Word {
        name,
        places: &[Place::Top],
        shape,
        arguments,
        properties,
        block: Some(block),
        repeats: Repeats::Keyed,
        meaning,
    }
}

pub(super) const WORDS: &[Word] = &[
    Word {
        properties: &["language"],
        repeats: Repeats::Once,
        ..row(
            "mesh",
            "NAME language=1 { }",
            Place::Mesh,
            "The mesh: its target, its domains and the defaults of all services.",
        )
    },
    Word {
        properties: &["extends"],
        ..row(
            "environment",
            "NAME extends=NAME { }",
            Place::Environment,
            "A target of compilation, with its variables.",
        )
    },
    Word {
        properties: &["manage"],
        ..row(
            "namespace",
            "NAME manage=all|contents|nothing { }",
            Place::Namespace,
            "A namespace, and defaults of its services.",
        )
    },
    Word { properties: &[], ..row("profile", "NAME { }", Place::Profile, "A named bundle of defaults, for `use`.") },
    row(
        "service",
        "NAME namespace=NAME { }",
        Place::Service,
        "Something that can be called: identity, traffic and access.",
    ),
    row("workload", "NAME namespace=NAME { }", Place::Workload, "Something that only calls, such as a job."),
    row("gateway", "NAME namespace=NAME { }", Place::Gateway, "A way in from outside: ports, hosts and certificates."),
];

/// What one or more files say.
#[derive(Clone, Debug, Default)]
pub struct Intent {
    /// `mesh`.
    pub meshes: Vec<Mesh>,
    /// `environment`.
    pub environments: Vec<Environment>,
    /// `namespace`.
    pub namespaces: Vec<Namespace>,
    /// `profile`.
    pub profiles: Vec<Profile>,
    /// `service`.
    pub services: Vec<Service>,
    /// `workload`.
    pub workloads: Vec<Workload>,
    /// `gateway`.
    pub gateways: Vec<Gateway>,
    /// Every name of an environment that `in` uses at top level.
    pub named_environments: Vec<Spanned<SmolStr>>,
    /// The names of nodes that are there and could not be read: to use them is no fault of its own.
    pub unread: Vec<Unread>,
}

/// A node that is there and could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unread {
    /// Its word.
    pub word: SmolStr,
    /// Its name, if it has one.
    pub name: Option<SmolStr>,
}

/// Reads a document for one environment. With `is_for_one_environment`, blocks for others are left out: a file that
/// inserts variables is read once for each environment, all others once for all.
pub fn decode(document: &Document<'_>, scope: &Scope, is_for_one_environment: bool, found: &mut Diagnostics) -> Intent {
    let mut intent = Intent::default();
    let mut decoder = Decoder { scope, is_for_one_environment, found };
    each(&mut decoder, &mut intent, &document.nodes);
    intent
}

/// Reads nodes of the top level, and remembers those that cannot be read.
fn each(decoder: &mut Decoder<'_>, intent: &mut Intent, nodes: &[Node<'_>]) {
    for node in nodes {
        let mut is_read = false;
        decoder.each([node], Place::Top, |decoder, word, node| is_read = take(decoder, intent, word, node));
        if !is_read {
            intent.unread.push(unread(node));
        }
    }
}

fn unread(node: &Node<'_>) -> Unread {
    let name = argument(node, 0).and_then(|entry| match &entry.value {
        Value::String(text) => Some(text.as_ref().into()),
        Value::Integer(_) | Value::Decimal(_) | Value::Boolean(_) | Value::Null => None,
    });
    Unread { word: node.name.value.as_ref().into(), name }
}

/// Reads what must be known before anything else: the environments, and the variables of `mesh`.
/// Their faults are reported when the document is read as a whole.
pub fn survey(document: &Document<'_>) -> Intent {
    let (scope, mut unreported) = (Scope::default(), Diagnostics::default());
    let mut decoder = Decoder { scope: &scope, is_for_one_environment: true, found: &mut unreported };
    let mut intent = Intent::default();
    for node in document.nodes.iter().filter(|node| matches!(node.name.value.as_ref(), "environment" | "mesh")) {
        each(&mut decoder, &mut intent, std::slice::from_ref(node));
    }
    intent
}

/// Reads one node; whether it could be read.
fn take(decoder: &mut Decoder<'_>, intent: &mut Intent, word: &'static Word, node: &Node<'_>) -> bool {
    match word.name {
        "mesh" => put(&mut intent.meshes, mesh::decode(decoder, node)),
        "environment" => put(&mut intent.environments, environment::decode(decoder, node)),
        "namespace" => put(&mut intent.namespaces, namespace::decode(decoder, node)),
        "profile" => put(&mut intent.profiles, profile::decode(decoder, node)),
        "service" => put(&mut intent.services, service::decode(decoder, node, Place::Service)),
        "workload" => put(&mut intent.workloads, service::decode(decoder, node, Place::Workload)),
        "gateway" => put(&mut intent.gateways, gateway::decode(decoder, node)),
        _ => {
            only_in(decoder, intent, node);
            true
        }
    }
}

fn put<T>(list: &mut Vec<T>, node: Option<T>) -> bool {
    let is_read = node.is_some();
    list.extend(node);
    is_read
}

/// `in ENV { }` at top level: whole nodes that exist only there.
fn only_in(decoder: &mut Decoder<'_>, intent: &mut Intent, node: &Node<'_>) {
    let names = overlay::names(decoder, node);
    intent.named_environments.extend(names.iter().cloned());
    if !overlay::is_read(decoder, &names) {
        return;
    }
    let mut inner = Intent::default();
    for child in node.block.iter().flat_map(|block| &block.nodes) {
        match child.name.value.as_ref() {
            "mesh" | "environment" | "in" => decoder.found.push(exists_everywhere(child)),
            _ => each(decoder, &mut inner, std::slice::from_ref(child)),
        }
    }
    inner.namespaces.iter_mut().for_each(|found| found.only_in.clone_from(&names));
    inner.profiles.iter_mut().for_each(|found| found.only_in.clone_from(&names));
    inner.services.iter_mut().for_each(|found| found.only_in.clone_from(&names));
    inner.workloads.iter_mut().for_each(|found| found.only_in.clone_from(&names));
    inner.gateways.iter_mut().for_each(|found| found.only_in.clone_from(&names));
    intent.namespaces.append(&mut inner.namespaces);
    intent.profiles.append(&mut inner.profiles);
    intent.services.append(&mut inner.services);
    intent.workloads.append(&mut inner.workloads);
    intent.gateways.append(&mut inner.gateways);
    intent.unread.append(&mut inner.unread);
}

fn exists_everywhere(node: &Node<'_>) -> Diagnostic {
    Diagnostic::new(&MISPLACED_NODE, format!("`{}` may not stand in `in`", node.name.value))
        .at(node.name.span, "it exists for every environment")
        .help("write it outside of `in`")
}
