use super::body::{self, Body};
use super::decode::{Decoder, argument, property};
use super::grammar::{Place, Repeats, Word};
use crate::diagnostic::Diagnostic;
use crate::source::Spanned;
use crate::syntax::Node;
use crate::value::{Label, Name};
use smol_str::SmolStr;

pub(super) const WORDS: &[Word] = &[Word {
    name: "service-account",
    places: &[Place::Service, Place::Workload, Place::Gateway],
    shape: "NAME shared=BOOL",
    arguments: (1, 1),
    properties: &["shared"],
    block: None,
    repeats: Repeats::Once,
    meaning: "The account that its pods run under, which is its identity; its own name unless said.",
}];

/// `service NAME namespace=NAMESPACE { }`.
#[derive(Clone, Debug)]
pub struct Service {
    /// Its name.
    pub name: Spanned<Name>,
    /// Its namespace.
    pub namespace: Spanned<Label>,
    /// What its block says.
    pub body: Body,
    /// The environments in which alone it exists; none: all.
    pub only_in: Vec<Spanned<SmolStr>>,
}

/// `workload NAME namespace=NAMESPACE { }`.
pub type Workload = Service;

/// `service-account`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// The account.
    pub name: Spanned<Label>,
    /// Whether others may use it too.
    pub shared: Option<Spanned<bool>>,
}

/// Reads `service` or `workload`, whose block is a `place`.
pub(super) fn decode(decoder: &mut Decoder<'_>, node: &Node<'_>, place: Place) -> Option<Service> {
    let names = name_and_namespace(decoder, node);
    let body = body::decode(decoder, node, place);
    let (name, namespace) = names?;
    Some(Service { name, namespace, body, only_in: Vec::new() })
}

/// The name and `namespace=` of a node that lives in a namespace.
pub(super) fn name_and_namespace(
    decoder: &mut Decoder<'_>,
    node: &Node<'_>,
) -> Option<(Spanned<Name>, Spanned<Label>)> {
    let name = argument(node, 0).and_then(|entry| decoder.name(entry));
    let help = |fault: Diagnostic, _| fault.help("say where it runs: `namespace=shop`");
    let namespace = decoder.required(node, "namespace", help).and_then(|entry| decoder.value(entry));
    Some((name?, namespace?))
}

/// Reads `service-account`.
pub(super) fn decode_account(decoder: &mut Decoder<'_>, node: &Node<'_>) -> Option<Account> {
    let name = decoder.value(argument(node, 0)?)?;
    let shared = property(node, "shared").and_then(|entry| decoder.boolean(entry));
    Some(Account { name, shared })
}
